-- The orders with the total of their version.
CREATE OR REPLACE VIEW orderflow_orders AS
SELECT o.id, o.status, o.currency_code, o.deleted_at,
       (SELECT max((s.totals ->> 'current_order_total')::numeric) FROM order_summary s
         WHERE s.order_id = o.id AND s.version = o.version) AS total
  FROM "order" o;

-- The items of each order's version, with their SKU. Rows of earlier versions remain in the table.
CREATE OR REPLACE VIEW orderflow_items AS
SELECT i.id, i.order_id, l.variant_sku AS sku, i.quantity, i.fulfilled_quantity, i.return_received_quantity
  FROM "order" o
  JOIN order_item i ON i.order_id = o.id AND i.version = o.version
  JOIN order_line_item l ON l.id = i.item_id
 WHERE i.deleted_at IS NULL;
