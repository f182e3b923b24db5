-- The tables of the Orderflow inventory sink. Run as their owner; running it again changes nothing.
-- Tables of another origin, or of an earlier version of this script, first need the SQL that validate names for them.

CREATE TABLE IF NOT EXISTS "public"."stock" (
    sku         text COLLATE "C" NOT NULL,
    location    text COLLATE "C" NOT NULL DEFAULT '',
    on_hand     bigint NOT NULL DEFAULT 0,
    reserved    bigint NOT NULL DEFAULT 0,
    moved       bigint NOT NULL DEFAULT 0,
    unavailable bigint NOT NULL DEFAULT 0,
    safety      bigint NOT NULL DEFAULT 0,
    oversell    bigint NOT NULL DEFAULT 0,
    incoming    bigint NOT NULL DEFAULT 0,
    shortage    bigint NOT NULL DEFAULT 0,
    moved_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (sku, location),
    CHECK (0 <= reserved AND 0 <= unavailable AND unavailable <= on_hand AND 0 <= incoming AND 0 <= safety AND 0 <= oversell AND reserved + unavailable <= on_hand + shortage)
) WITH (fillfactor = 25, autovacuum_vacuum_scale_factor = 0.05);

COMMENT ON TABLE "public"."stock" IS
    'The stock of each SKU at each location, in steps of "public"."stock_scale"; "public"."stock_units" shows units. To correct it, send an adjustment or a count, or change on_hand by the difference: UPDATE ... SET on_hand = on_hand + 5, moved_at = now().';
COMMENT ON COLUMN "public"."stock".location IS 'The stock location, such as a warehouse or a store; empty if stock has no locations.';
COMMENT ON COLUMN "public"."stock".on_hand IS 'Quantity at the location. It may be changed by hand.';
COMMENT ON COLUMN "public"."stock".reserved IS 'Quantity that orders have reserved. Only the sink changes it.';
COMMENT ON COLUMN "public"."stock".moved IS
    'Sum of all changes of on_hand by orders and stock documents: received, returned, adjusted and transferred minus shipped. Only the sink changes it; on_hand - moved is the quantity that was entered by hand.';

COMMENT ON COLUMN "public"."stock".unavailable IS
    'Part of on_hand that must not be sold, such as damaged goods. Only the sink changes it, by documents with the intent HOLD.';
COMMENT ON COLUMN "public"."stock".safety IS
    'Part of on_hand that reservations leave; shipments may use it. Only people change it.';
COMMENT ON COLUMN "public"."stock".oversell IS
    'Oversell allowance: how much more than on_hand reservations may take. Only people change it; 0 for an item that is never oversold.';
COMMENT ON COLUMN "public"."stock".incoming IS
    'Quantity that was transferred to the location and has not arrived. Only the sink changes it.';
COMMENT ON COLUMN "public"."stock".shortage IS
    'How much reserved and unavailable goods may exceed on_hand, after an adjustment, a count, a hold or a transfer, or by the oversell allowance. Only the sink changes it. After a change of on_hand by hand it may be too great until the sink changes the row; "public"."stock_units" shows what is missing now.';
COMMENT ON COLUMN "public"."stock".moved_at IS
    'When on_hand has changed last, or the time as of which it was counted since. A count as of an earlier time is rejected.';

CREATE TABLE IF NOT EXISTS "public"."order_inventory" (
    order_id      bigint NOT NULL PRIMARY KEY,
    version       bigint      NOT NULL,
    state         text        NOT NULL,
    reason        text,
    skus          text[]      NOT NULL,
    locations     text[],
    reserved      bigint[]    NOT NULL,
    on_hand_delta bigint[]    NOT NULL,
    backordered   bigint[],
    unavailable   bigint[],
    incoming      bigint[],
    updated_at    timestamptz NOT NULL DEFAULT now(),
    expires_at    timestamptz,
    revision      bigint      NOT NULL DEFAULT (date_part('epoch', now()) * 1000)::bigint
) WITH (fillfactor = 50);

COMMENT ON TABLE "public"."order_inventory" IS
    'The latest applied version of each order or stock document, its outcome, and its current effect on each SKU and location; a later version applies the difference.';
COMMENT ON COLUMN "public"."order_inventory".skus IS
    'In alphabetical order, an SKU once for each location; reserved and on_hand_delta have an element for each, in steps of "public"."stock_scale". "public"."order_inventory_units" shows units, "public"."order_inventory_lines" a row for each SKU and location.';
COMMENT ON COLUMN "public"."order_inventory".locations IS
    'The location of each of the SKUs; null if none of them has one.';
COMMENT ON COLUMN "public"."order_inventory".backordered IS
    'The quantity of each of the SKUs that a PARTIALLY_RESERVED order could not reserve; null if nothing is backordered.';
COMMENT ON COLUMN "public"."order_inventory".reason IS
    'Why an order has its state, if its record does not explain it; of an adjustment, a count, a hold or a transfer, the reason that its record gives.';
COMMENT ON COLUMN "public"."order_inventory".unavailable IS
    'What a document keeps from being sold of each of the SKUs; null if nothing.';
COMMENT ON COLUMN "public"."order_inventory".incoming IS
    'What a transfer has sent to each of the locations, and has not arrived; null if nothing.';
COMMENT ON COLUMN "public"."order_inventory".expires_at IS
    'When what the order has reserved is released; null if never.';
COMMENT ON COLUMN "public"."order_inventory".revision IS
    'Grows with each write of the row, also if the version stays. It starts with the time in milliseconds, so that it is greater than before if all rows are removed and the orders are applied again.';

-- The sweep reads what is due along this index, and nothing else.
CREATE INDEX IF NOT EXISTS "order_inventory_expires_at" ON "public"."order_inventory" (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS "public"."payments" (
    order_id     bigint NOT NULL PRIMARY KEY,
    version      bigint,
    status       text,
    amount       numeric,
    currency     text,
    provider     text,
    reference    text,
    due          numeric,
    due_currency text,
    due_version  bigint,
    updated_at   timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);

COMMENT ON TABLE "public"."payments" IS
    'The payment of each order, with version, and the amount due, with due_version.';

-- The decimals of a quantity, as in the setting quantity.scale: 0 for whole units. Tables count in steps of the last
-- decimal, views show units. An existing number is left as it is.
DO $$
BEGIN
  IF to_regclass('"public"."stock_scale"') IS NULL THEN
    CREATE VIEW "public"."stock_scale" AS SELECT n AS scale, ('1e-' || n::text)::numeric AS step FROM (VALUES (0)) AS decimals (n);
  END IF;
END
$$;

GRANT SELECT ON "public"."stock_scale" TO PUBLIC;

-- The stock of each SKU at each location, in units.
CREATE OR REPLACE VIEW "public"."stock_units" AS
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
  FROM "public"."stock" s, "public"."stock_scale" x;

-- The stock of each SKU over all locations, in units.
CREATE OR REPLACE VIEW "public"."stock_totals" AS
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
  FROM "public"."stock_units"
 GROUP BY sku;

-- What each order or stock document holds of which SKU at which location, in units.
CREATE OR REPLACE VIEW "public"."order_inventory_lines" AS
SELECT o.order_id,
       l.sku,
       coalesce(l.location, '')            AS location,
       l.reserved * x.step                 AS reserved,
       l.on_hand_delta * x.step            AS on_hand_delta,
       coalesce(l.backordered, 0) * x.step AS backordered,
       coalesce(l.unavailable, 0) * x.step AS unavailable,
       coalesce(l.incoming, 0) * x.step    AS incoming
  FROM "public"."order_inventory" o,
       unnest(o.skus, o.locations, o.reserved, o.on_hand_delta, o.backordered, o.unavailable, o.incoming)
         AS l (sku, location, reserved, on_hand_delta, backordered, unavailable, incoming),
       "public"."stock_scale" x;

-- The table of orders in units, for events with the outcome of each order.
CREATE OR REPLACE VIEW "public"."order_inventory_units" AS
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
  FROM "public"."order_inventory" o, "public"."stock_scale" x;

-- What expires when: a row for each SKU and location that an order with a deadline has reserved, in units. What is overdue is
-- released within seconds while a connector with a time to live or a field of deadlines runs. If none does any more, remove the
-- deadlines: UPDATE ... SET expires_at = NULL, revision = revision + 1 WHERE expires_at IS NOT NULL.
CREATE OR REPLACE VIEW "public"."order_inventory_expiring" AS
SELECT o.expires_at,
       o.order_id,
       o.version,
       o.state,
       l.sku,
       coalesce(l.location, '') AS location,
       l.reserved * x.step      AS reserved
  FROM "public"."order_inventory" o,
       unnest(o.skus, o.locations, o.reserved) AS l (sku, location, reserved),
       "public"."stock_scale" x
 WHERE o.expires_at IS NOT NULL
   AND l.reserved > 0;

-- Always empty: a row is an SKU at a location whose stock differs from the sum of the effects of its orders and
-- stock documents, in units.
CREATE OR REPLACE VIEW "public"."stock_drift" AS
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
  FROM "public"."stock_units" s
  FULL JOIN (SELECT sku, location, sum(reserved) AS reserved, sum(on_hand_delta) AS moved,
                    sum(unavailable) AS unavailable, sum(incoming) AS incoming
               FROM "public"."order_inventory_lines"
              GROUP BY sku, location) l USING (sku, location)
 WHERE coalesce(s.reserved, 0) <> coalesce(l.reserved, 0)
    OR coalesce(s.moved, 0) <> coalesce(l.moved, 0)
    OR coalesce(s.unavailable, 0) <> coalesce(l.unavailable, 0)
    OR coalesce(s.incoming, 0) <> coalesce(l.incoming, 0);
