"""What keeps a shop's date from being paid, as one SQL condition for whoever looks for it and whoever pays
it: a hold of the shop, or holds on every row of the date where nothing but rows is due. `c` is one of the
date's settlement_count: of rows, or of adjustments."""

SHOP_IS_FREE = (
    "NOT EXISTS (SELECT 1 FROM hold h WHERE h.shop_id = c.shop_id AND h.payment_id IS NULL "
    "AND h.state <> 'released')"
)
HAS_FREE_ROWS = (
    "EXISTS (SELECT 1 FROM settlement s WHERE s.shop_id = c.shop_id AND s.paid_out_date = c.day "
    "AND s.held = 0)"
)
PAYABLE = (
    "c.date_type <> 'sold' AND c.paid_at IS NULL AND c.visible > 0 "
    f"AND {SHOP_IS_FREE} AND (c.date_type = 'adjusted' OR {HAS_FREE_ROWS})"
)
