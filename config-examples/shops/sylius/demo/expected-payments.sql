-- Amounts are in cents. A payment is refunded as a whole.
SELECT o.id::text AS order_id, o.total / 100.0 AS due,
       coalesce(sum(p.amount) FILTER (WHERE p.state IN ('completed', 'refunded')), 0) / 100.0 AS paid,
       coalesce(sum(p.amount) FILTER (WHERE p.state = 'refunded'), 0) / 100.0 AS refunded
  FROM sylius_order o LEFT JOIN sylius_payment p ON p.order_id = o.id
 WHERE o.state <> 'cart'
 GROUP BY o.id, o.total;
