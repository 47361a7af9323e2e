-- What any reconciliation has to do at least: a full outer join of each two lists by key, and amounts compared.
SELECT count(*), count(*) FILTER (a.amount IS DISTINCT FROM b.amount)
FROM orders AS a FULL OUTER JOIN transactions AS b ON a.payment_key = b.payment_key AND a.kind = b.kind;
SELECT count(*), count(*) FILTER (a.amount IS DISTINCT FROM b.amount)
FROM transactions AS a FULL OUTER JOIN settlements AS b ON a.transaction_key = b.transaction_key;
