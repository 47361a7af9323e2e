-- Rule 6. A row that says exactly what another of its side says, which has its partner, is a duplicate.
INSERT INTO grouped
SELECT 'LEFT', row_id, row_id, 'REPEATED_ROW', 'ONE_SIDED', 'DUPLICATE'
FROM open_left
WHERE content IN (SELECT content FROM unlike_left JOIN pairs ON left_id = row_id) AND (order_id IS NOT NULL OR payment_key IS NOT NULL);
INSERT INTO grouped
SELECT 'RIGHT', row_id, -row_id, 'REPEATED_ROW', 'ONE_SIDED', 'DUPLICATE'
FROM open_right
WHERE content IN (SELECT content FROM unlike_right JOIN pairs ON right_id = row_id) AND (order_id IS NOT NULL OR payment_key IS NOT NULL);
