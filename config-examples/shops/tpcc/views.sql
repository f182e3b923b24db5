-- The lines with an SKU: stock is kept per warehouse and item.
CREATE OR REPLACE VIEW orderflow_items AS
SELECT ol_w_id, ol_d_id, ol_o_id, ol_number, ol_supply_w_id || ':' || ol_i_id AS sku, ol_quantity
  FROM order_line;
