-- The lines with the quantity that came back with a fulfilment that was returned.
CREATE OR REPLACE VIEW orderflow_items AS
SELECT l.id, l.order_id, l.product_sku, l.product_variant_id, l.quantity, l.quantity_fulfilled,
       (SELECT coalesce(sum(fl.quantity), 0) FROM order_fulfillmentline fl JOIN order_fulfillment f ON f.id = fl.fulfillment_id
         WHERE fl.order_line_id = l.id AND f.status IN ('returned', 'refunded_and_returned', 'replaced')) AS quantity_returned
  FROM order_orderline l;
