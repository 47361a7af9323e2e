-- Rows of one payment, by its payment key.
--
-- A cancel whose transaction key both sides know is another cancel when the keys differ, so it is in no family.
CREATE OR REPLACE TEMP VIEW left_family AS
SELECT *, payment_key AS family
FROM open_left
WHERE payment_key IS NOT NULL AND (kind <> 'CANCEL' OR transaction_key IS NULL OR NOT getvariable('right_has_keys'));
CREATE OR REPLACE TEMP VIEW right_family AS
SELECT *, payment_key AS family
FROM open_right
WHERE payment_key IS NOT NULL;
SET VARIABLE family_rule = 'SAME_PAYMENT_KEY';
