-- The sums of the order's payment sources.
SELECT o.id::text AS order_id, o.total_incl_tax AS due,
       coalesce(sum(s.amount_debited), 0) AS paid, coalesce(sum(s.amount_refunded), 0) AS refunded
  FROM order_order o LEFT JOIN payment_source s ON s.order_id = o.id
 GROUP BY o.id, o.total_incl_tax;
