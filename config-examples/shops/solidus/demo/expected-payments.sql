-- The completed payments of the order, and the refunds of its payments.
SELECT o.id::text AS order_id, o.total AS due,
       (SELECT coalesce(sum(p.amount), 0) FROM spree_payments p WHERE p.order_id = o.id AND p.state = 'completed') AS paid,
       (SELECT coalesce(sum(r.amount), 0) FROM spree_refunds r JOIN spree_payments p ON p.id = r.payment_id WHERE p.order_id = o.id) AS refunded
  FROM spree_orders o
 WHERE o.completed_at IS NOT NULL;
