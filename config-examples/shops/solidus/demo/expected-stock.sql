-- In Solidus the shipment moves stock, piece by piece. A returned piece is back in its stock location.
SELECT v.sku,
       count(*) FILTER (WHERE o.completed_at IS NOT NULL AND o.canceled_at IS NULL AND s.state IN ('pending', 'ready')) AS reserved,
       count(*) FILTER (WHERE u.state = 'returned') - count(*) FILTER (WHERE s.state = 'shipped') AS moved
  FROM spree_inventory_units u
  JOIN spree_shipments s ON s.id = u.shipment_id
  JOIN spree_orders o ON o.id = s.order_id
  JOIN spree_variants v ON v.id = u.variant_id
 GROUP BY 1;
