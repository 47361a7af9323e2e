"""What keeps a shop's date from being paid, as one SQL condition for whoever looks for it and whoever pays
it: a hold of the shop, or holds on every row of the date. `c` is the date's settlement_count."""

SHOP_IS_FREE = (
    "NOT EXISTS (SELECT 1 FROM hold h WHERE h.shop_id = c.shop_id AND h.payment_id IS NULL "
    "AND h.state <> 'released')"
)
HAS_FREE_ROWS = (
    "EXISTS (SELECT 1 FROM settlement s WHERE s.shop_id = c.shop_id AND s.paid_out_date = c.day "
    "AND s.held = 0)"
)
PAYABLE = (
    f"c.date_type = 'paid' AND c.paid_at IS NULL AND c.visible > 0 AND {SHOP_IS_FREE} AND {HAS_FREE_ROWS}"
)
