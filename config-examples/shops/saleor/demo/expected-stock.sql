-- Saleor allocates what is not fulfilled yet. Fulfilled pieces have left; those of returned fulfilments are back.
-- Variants whose stock is not tracked have none.
WITH line AS (
  SELECT coalesce(l.product_sku, l.product_variant_id) AS sku, o.status, l.quantity, l.quantity_fulfilled AS fulfilled,
         (SELECT coalesce(sum(fl.quantity), 0) FROM order_fulfillmentline fl JOIN order_fulfillment f ON f.id = fl.fulfillment_id
           WHERE fl.order_line_id = l.id AND f.status IN ('returned', 'refunded_and_returned', 'replaced')) AS returned
    FROM order_orderline l
    JOIN order_order o ON o.id = l.order_id
    LEFT JOIN product_productvariant v ON v.id = l.variant_id
   WHERE v.track_inventory IS DISTINCT FROM false)
SELECT sku,
       coalesce(sum(quantity - fulfilled) FILTER (WHERE status NOT IN ('draft', 'canceled', 'expired')), 0) AS reserved,
       sum(returned - fulfilled) AS moved
  FROM line
 GROUP BY 1;
