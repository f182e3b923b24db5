-- Captures, and refunds with negative amounts.
SELECT o.id AS order_id,
       (SELECT (s.totals ->> 'current_order_total')::numeric FROM order_summary s WHERE s.order_id = o.id AND s.version = o.version) AS due,
       (SELECT coalesce(sum(t.amount), 0) FROM order_transaction t WHERE t.order_id = o.id AND t.deleted_at IS NULL AND t.amount > 0) AS paid,
       (SELECT coalesce(-sum(t.amount), 0) FROM order_transaction t WHERE t.order_id = o.id AND t.deleted_at IS NULL AND t.amount < 0) AS refunded
  FROM "order" o
 WHERE o.deleted_at IS NULL;
