-- A row for each change, SKU and location, in units; a change that moves nothing has one row without an SKU.
CREATE OR REPLACE VIEW ${order_audit_lines} AS
SELECT a.at,
       a.order_id,
       a.version,
       a.kind,
       a.payment_id,
       a.state,
       a.reason,
       l.sku,
       CASE WHEN l.sku IS NOT NULL THEN coalesce(l.location, '') END AS location,
       l.reserved * x.step AS reserved,
       l.on_hand * x.step  AS on_hand,
       CASE WHEN l.sku IS NOT NULL THEN coalesce(l.unavailable, 0) * x.step END AS unavailable,
       CASE WHEN l.sku IS NOT NULL THEN coalesce(l.incoming, 0) * x.step END AS incoming,
       a.topic,
       a.kafka_partition,
       a.kafka_offset,
       a.trace_id
  FROM ${order_audit} a
  LEFT JOIN LATERAL unnest(a.skus, a.locations, a.reserved, a.on_hand, a.unavailable, a.incoming)
         AS l (sku, location, reserved, on_hand, unavailable, incoming) ON true
 CROSS JOIN ${stock_scale} x;
