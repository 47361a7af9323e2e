-- Rows of one order, by its order id; where both sides name shops, of one shop.
--
-- A cancel whose transaction key both sides know is another cancel when the keys differ, so it is in no family.
CREATE OR REPLACE TEMP VIEW left_family AS
SELECT *, CASE WHEN getvariable('shops_known') THEN shop || chr(0) || order_id ELSE order_id END AS family
FROM open_left
WHERE order_id IS NOT NULL AND (kind <> 'CANCEL' OR transaction_key IS NULL OR NOT getvariable('right_has_keys'));
CREATE OR REPLACE TEMP VIEW right_family AS
SELECT *, CASE WHEN getvariable('shops_known') THEN shop || chr(0) || order_id ELSE order_id END AS family
FROM open_right
WHERE order_id IS NOT NULL;
SET VARIABLE family_rule = 'SAME_ORDER_ID';
