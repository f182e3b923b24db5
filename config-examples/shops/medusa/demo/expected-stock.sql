-- Medusa reserves what is not fulfilled yet, and takes stock when it fulfils. What is received of a return is back;
-- what is dismissed as damaged is not. The rows of the order's version count.
WITH line AS (
  SELECT l.variant_sku AS sku, o.status, i.quantity, i.fulfilled_quantity AS fulfilled, i.return_received_quantity AS returned
    FROM order_item i
    JOIN "order" o ON o.id = i.order_id AND o.version = i.version
    JOIN order_line_item l ON l.id = i.item_id
   WHERE o.deleted_at IS NULL AND i.deleted_at IS NULL AND l.variant_sku IS NOT NULL)
SELECT sku,
       coalesce(sum(quantity - fulfilled) FILTER (WHERE status IN ('pending', 'completed', 'requires_action')), 0) AS reserved,
       sum(returned - fulfilled) AS moved
  FROM line
 GROUP BY 1;
