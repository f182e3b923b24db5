-- Each inventory unit is one piece. Its order is that of its shipment.
CREATE OR REPLACE VIEW orderflow_items AS
SELECT u.id, s.order_id, v.sku, u.state
  FROM spree_shipments s
  JOIN spree_inventory_units u ON u.shipment_id = s.id
  JOIN spree_variants v ON v.id = u.variant_id
 WHERE s.state IS DISTINCT FROM 'canceled';

-- The payments with their currency and what was refunded of them.
CREATE OR REPLACE VIEW orderflow_payments AS
SELECT p.id, p.order_id, p.amount, p.state, p.number AS reference, o.currency,
       (SELECT sum(r.amount) FROM spree_refunds r WHERE r.payment_id = p.id) AS refunded
  FROM spree_payments p
  JOIN spree_orders o ON o.id = p.order_id;
