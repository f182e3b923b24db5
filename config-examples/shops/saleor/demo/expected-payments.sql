-- What has been captured of all payments of the order. Saleor subtracts refunds from it.
SELECT o.id::text AS order_id, o.total_gross_amount AS due, coalesce(sum(p.captured_amount), 0) AS paid, 0 AS refunded
  FROM order_order o LEFT JOIN payment_payment p ON p.order_id = o.id
 GROUP BY o.id, o.total_gross_amount;
