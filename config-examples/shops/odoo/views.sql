-- The orders with the code of their currency.
CREATE OR REPLACE VIEW orderflow_orders AS
SELECT o.id, o.name, o.state, o.amount_total, c.name AS currency
  FROM sale_order o
  LEFT JOIN res_currency c ON c.id = o.currency_id;

-- The lines with an SKU, and with what was shipped and returned so far: Odoo subtracts a return from qty_delivered.
CREATE OR REPLACE VIEW orderflow_items AS
SELECT l.id, l.order_id, l.display_type, l.is_downpayment, coalesce(p.default_code, 'product-' || p.id) AS sku, l.product_uom_qty,
       l.qty_delivered + r.quantity AS quantity_shipped, r.quantity AS quantity_returned
  FROM sale_order_line l
  LEFT JOIN product_product p ON p.id = l.product_id
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(m.quantity), 0) AS quantity FROM stock_move m
     WHERE m.sale_line_id = l.id AND m.state = 'done' AND m.origin_returned_move_id IS NOT NULL) AS r;

-- The payments with their order and currency; refunds have negative amounts.
CREATE OR REPLACE VIEW orderflow_payments AS
SELECT t.id, r.sale_order_id, t.amount, t.state, t.provider_code, t.provider_reference, c.name AS currency
  FROM payment_transaction t
  JOIN sale_order_transaction_rel r ON r.transaction_id = t.id
  LEFT JOIN res_currency c ON c.id = t.currency_id;
