-- The decimals of a quantity, as in the setting quantity.scale: 0 for whole units. Tables count in steps of the last
-- decimal, views show units. An existing number is left as it is.
DO $$
BEGIN
  IF to_regclass(${stock_scale_literal}) IS NULL THEN
    CREATE VIEW ${stock_scale} AS ${scale_row};
  END IF;
END
$$;

GRANT SELECT ON ${stock_scale} TO PUBLIC;

-- The stock of each SKU at each location, in units.
CREATE OR REPLACE VIEW ${stock_units} AS
SELECT s.sku,
       s.location,
       s.on_hand * x.step     AS on_hand,
       s.reserved * x.step    AS reserved,
       s.unavailable * x.step AS unavailable,
       s.safety * x.step      AS safety,
       s.oversell * x.step    AS oversell,
       (s.on_hand - s.reserved - s.unavailable - s.safety + s.oversell) * x.step
                              AS available,
       s.incoming * x.step    AS incoming,
       greatest(0, s.reserved + s.unavailable - s.on_hand) * x.step
                              AS shortage,
       s.moved * x.step       AS moved
  FROM ${stock} s, ${stock_scale} x;

-- The stock of each SKU over all locations, in units.
CREATE OR REPLACE VIEW ${stock_totals} AS
SELECT sku,
       count(*)         AS locations,
       sum(on_hand)     AS on_hand,
       sum(reserved)    AS reserved,
       sum(unavailable) AS unavailable,
       sum(safety)      AS safety,
       sum(oversell)    AS oversell,
       sum(available)   AS available,
       sum(incoming)    AS incoming,
       sum(shortage)    AS shortage,
       sum(moved)       AS moved
  FROM ${stock_units}
 GROUP BY sku;

-- What each order or stock document holds of which SKU at which location, in units.
CREATE OR REPLACE VIEW ${order_inventory_lines} AS
SELECT o.order_id,
       l.sku,
       coalesce(l.location, '')            AS location,
       l.reserved * x.step                 AS reserved,
       l.on_hand_delta * x.step            AS on_hand_delta,
       coalesce(l.backordered, 0) * x.step AS backordered,
       coalesce(l.unavailable, 0) * x.step AS unavailable,
       coalesce(l.incoming, 0) * x.step    AS incoming
  FROM ${order_inventory} o,
       unnest(o.skus, o.locations, o.reserved, o.on_hand_delta, o.backordered, o.unavailable, o.incoming)
         AS l (sku, location, reserved, on_hand_delta, backordered, unavailable, incoming),
       ${stock_scale} x;

-- The table of orders in units, for events with the outcome of each order.
CREATE OR REPLACE VIEW ${order_inventory_units} AS
SELECT o.order_id,
       o.version,
       o.state,
       o.reason,
       o.skus,
       o.locations,
       ARRAY(SELECT q * x.step FROM unnest(o.reserved) WITH ORDINALITY AS u (q, n) ORDER BY n)        AS reserved,
       ARRAY(SELECT q * x.step FROM unnest(o.on_hand_delta) WITH ORDINALITY AS u (q, n) ORDER BY n)   AS on_hand_delta,
       CASE WHEN o.backordered IS NOT NULL
            THEN ARRAY(SELECT q * x.step FROM unnest(o.backordered) WITH ORDINALITY AS u (q, n) ORDER BY n)
       END                                                                                            AS backordered,
       CASE WHEN o.unavailable IS NOT NULL
            THEN ARRAY(SELECT q * x.step FROM unnest(o.unavailable) WITH ORDINALITY AS u (q, n) ORDER BY n)
       END                                                                                            AS unavailable,
       CASE WHEN o.incoming IS NOT NULL
            THEN ARRAY(SELECT q * x.step FROM unnest(o.incoming) WITH ORDINALITY AS u (q, n) ORDER BY n)
       END                                                                                            AS incoming,
       o.updated_at,
       o.expires_at,
       o.revision
  FROM ${order_inventory} o, ${stock_scale} x;

-- What expires when: a row for each SKU and location that an order with a deadline has reserved, in units. What is overdue is
-- released within seconds while a connector with a time to live or a field of deadlines runs. If none does any more, remove the
-- deadlines: UPDATE ... SET expires_at = NULL, revision = revision + 1 WHERE expires_at IS NOT NULL.
CREATE OR REPLACE VIEW ${order_inventory_expiring} AS
SELECT o.expires_at,
       o.order_id,
       o.version,
       o.state,
       l.sku,
       coalesce(l.location, '') AS location,
       l.reserved * x.step      AS reserved
  FROM ${order_inventory} o,
       unnest(o.skus, o.locations, o.reserved) AS l (sku, location, reserved),
       ${stock_scale} x
 WHERE o.expires_at IS NOT NULL
   AND l.reserved > 0;

-- Always empty: a row is an SKU at a location whose stock differs from the sum of the effects of its orders and
-- stock documents, in units.
CREATE OR REPLACE VIEW ${stock_drift} AS
SELECT sku,
       location,
       s.on_hand,
       s.reserved,
       l.reserved AS reserved_by_orders,
       s.moved,
       l.moved    AS moved_by_orders,
       s.unavailable,
       l.unavailable AS unavailable_by_orders,
       s.incoming,
       l.incoming AS incoming_by_orders
  FROM ${stock_units} s
  FULL JOIN (SELECT sku, location, sum(reserved) AS reserved, sum(on_hand_delta) AS moved,
                    sum(unavailable) AS unavailable, sum(incoming) AS incoming
               FROM ${order_inventory_lines}
              GROUP BY sku, location) l USING (sku, location)
 WHERE coalesce(s.reserved, 0) <> coalesce(l.reserved, 0)
    OR coalesce(s.moved, 0) <> coalesce(l.moved, 0)
    OR coalesce(s.unavailable, 0) <> coalesce(l.unavailable, 0)
    OR coalesce(s.incoming, 0) <> coalesce(l.incoming, 0);
