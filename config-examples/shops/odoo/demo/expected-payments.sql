-- Transactions that are done; refunds have negative amounts.
SELECT o.id::text AS order_id, o.amount_total AS due,
       coalesce(sum(t.amount) FILTER (WHERE t.amount > 0), 0) AS paid, coalesce(-sum(t.amount) FILTER (WHERE t.amount < 0), 0) AS refunded
  FROM sale_order o
  LEFT JOIN sale_order_transaction_rel r ON r.sale_order_id = o.id
  LEFT JOIN payment_transaction t ON t.id = r.transaction_id AND t.state = 'done'
 GROUP BY o.id, o.amount_total;
