-- What was found is open no more. Runs after every rule of the deposits.
DELETE FROM open_payouts WHERE row_id IN (SELECT row_id FROM grouped WHERE side = 'LEFT');
DELETE FROM open_lines WHERE row_id IN (SELECT row_id FROM grouped WHERE side = 'RIGHT');
