-- Sylius holds the stock of tracked variants once the checkout is completed. Units leave with their shipment.
WITH line AS (
  SELECT v.code AS sku, o.state, i.quantity,
         CASE WHEN o.shipping_state = 'shipped' THEN i.quantity
              ELSE (SELECT count(*) FROM sylius_order_item_unit u JOIN sylius_shipment s ON s.id = u.shipment_id
                     WHERE u.order_item_id = i.id AND s.state = 'shipped') END AS shipped
    FROM sylius_order_item i
    JOIN sylius_order o ON o.id = i.order_id
    JOIN sylius_product_variant v ON v.id = i.variant_id
   WHERE v.tracked AND o.state <> 'cart')
SELECT sku,
       coalesce(sum(quantity - shipped) FILTER (WHERE state <> 'cancelled'), 0) AS reserved,
       -sum(shipped) AS moved
  FROM line
 GROUP BY 1;
