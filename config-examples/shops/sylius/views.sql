-- The items with an SKU and the quantity that left with a shipment.
CREATE OR REPLACE VIEW orderflow_items AS
SELECT i.id, i.order_id, v.code AS sku, i.quantity,
       CASE WHEN o.shipping_state = 'shipped' THEN i.quantity
            ELSE (SELECT count(*) FROM sylius_order_item_unit u JOIN sylius_shipment s ON s.id = u.shipment_id
                   WHERE u.order_item_id = i.id AND s.state = 'shipped') END AS shipped
  FROM sylius_order_item i
  JOIN sylius_order o ON o.id = i.order_id
  JOIN sylius_product_variant v ON v.id = i.variant_id;
