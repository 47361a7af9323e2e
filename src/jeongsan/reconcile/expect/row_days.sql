-- Every day of which a due date may be asked: of transactions, and on which something is sold. Days that nobody
-- means (9999-12-31) have no calendar.
SELECT DISTINCT day FROM settlements WHERE year(day) BETWEEN 2000 AND 2100
UNION
SELECT DISTINCT sold_date FROM settlements WHERE year(sold_date) BETWEEN 2000 AND 2100
ORDER BY 1;
