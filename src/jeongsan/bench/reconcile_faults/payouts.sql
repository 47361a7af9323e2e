-- The settlements of a shop, a currency and a paid-out date are one payout.

CREATE OR REPLACE VIEW made.payouts AS
SELECT paid_out_date, shop, currency, sum(pay_out_amount)::DECIMAL(18, 2) AS amount, count(*)::BIGINT AS rows
FROM made.settlements GROUP BY ALL ORDER BY ALL;

-- The amounts that one of them consists of.
CREATE OR REPLACE VIEW made.payout_amounts AS
SELECT pay_out_amount FROM made.settlements
WHERE paid_out_date = getvariable('paid_out_date') AND shop = getvariable('shop')
  AND currency = getvariable('currency')
ORDER BY ALL;
