-- In Spree the shipment moves stock: its units are taken when the order is completed, and leave with it.
-- A returned unit is back in its stock location.
SELECT v.sku,
       coalesce(sum(u.quantity) FILTER (WHERE o.completed_at IS NOT NULL AND o.canceled_at IS NULL AND s.state IN ('pending', 'ready')), 0) AS reserved,
       coalesce(sum(u.quantity) FILTER (WHERE u.state = 'returned'), 0) - coalesce(sum(u.quantity) FILTER (WHERE s.state = 'shipped'), 0) AS moved
  FROM spree_inventory_units u
  JOIN spree_shipments s ON s.id = u.shipment_id
  JOIN spree_orders o ON o.id = s.order_id
  JOIN spree_variants v ON v.id = u.variant_id
 GROUP BY 1;
