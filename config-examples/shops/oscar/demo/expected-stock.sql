-- Oscar allocates stock for a line when the order is placed, and consumes the allocation when the line is shipped.
-- Stock is kept per partner and SKU.
SELECT partner_id || ':' || partner_sku AS sku,
       coalesce(sum(quantity) FILTER (WHERE status IN ('', 'Pending', 'Being processed')), 0) AS reserved,
       coalesce(-sum(quantity) FILTER (WHERE status = 'Shipped'), 0) AS moved
  FROM order_line
 GROUP BY 1;
