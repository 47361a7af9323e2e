-- What was found is open no more. Runs after every rule.
DELETE FROM open_left WHERE row_id IN (SELECT left_id FROM pairs) OR row_id IN (SELECT row_id FROM grouped WHERE side = 'LEFT');
DELETE FROM open_right WHERE row_id IN (SELECT right_id FROM pairs) OR row_id IN (SELECT row_id FROM grouped WHERE side = 'RIGHT');
