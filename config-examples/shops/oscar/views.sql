-- The lines with an SKU: stock is kept per partner and SKU.
CREATE OR REPLACE VIEW orderflow_items AS
SELECT id, order_id, status, quantity, partner_id || ':' || partner_sku AS sku
  FROM order_line;
