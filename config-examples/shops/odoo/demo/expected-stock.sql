-- In Odoo the moves of pickings move stock. Lines without moves are delivered as qty_delivered says; services have no stock.
WITH line AS (
  SELECT coalesce(p.default_code, 'product-' || p.id) AS sku, o.state, l.product_uom_qty AS ordered,
         CASE WHEN m.moves > 0 THEN m.delivered ELSE l.qty_delivered END AS delivered, coalesce(m.returned, 0) AS returned
    FROM sale_order_line l
    JOIN sale_order o ON o.id = l.order_id
    JOIN product_product p ON p.id = l.product_id
    CROSS JOIN LATERAL (
      SELECT count(*) AS moves,
             coalesce(sum(quantity) FILTER (WHERE state = 'done' AND location_dest_id = 5), 0) AS delivered,
             sum(quantity) FILTER (WHERE state = 'done' AND location_id = 5) AS returned
        FROM stock_move WHERE sale_line_id = l.id) AS m
   WHERE l.display_type IS NULL AND NOT l.is_downpayment AND l.product_uom_qty > 0 AND p.default_code IS DISTINCT FROM 'SERVICE')
SELECT sku, coalesce(sum(ordered - delivered) FILTER (WHERE state = 'sale'), 0) AS reserved, sum(returned - delivered) AS moved
  FROM line
 GROUP BY 1;
