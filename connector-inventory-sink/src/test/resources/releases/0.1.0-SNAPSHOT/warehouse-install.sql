-- The tables of the Orderflow inventory sink. Run as their owner; running it again changes nothing.

CREATE TABLE IF NOT EXISTS "public"."stock" (
    sku      text COLLATE "C" NOT NULL PRIMARY KEY,
    on_hand  bigint NOT NULL DEFAULT 0,
    reserved bigint NOT NULL DEFAULT 0,
    moved    bigint NOT NULL DEFAULT 0,
    CHECK (0 <= reserved AND reserved <= on_hand)
) WITH (fillfactor = 25, autovacuum_vacuum_scale_factor = 0.05);

COMMENT ON TABLE "public"."stock" IS
    'What is there of each SKU; available = on_hand - reserved. To count stock anew or to correct it, change on_hand by a difference: UPDATE ... SET on_hand = on_hand + 5.';
COMMENT ON COLUMN "public"."stock".on_hand IS 'Pieces in the warehouse. People may change it.';
COMMENT ON COLUMN "public"."stock".reserved IS 'Pieces that orders hold. Only the sink changes it.';
COMMENT ON COLUMN "public"."stock".moved IS
    'What orders have done to on_hand so far: received and returned less shipped. Only the sink changes it; on_hand - moved is what people have put there.';

CREATE TABLE IF NOT EXISTS "public"."order_inventory" (
    order_id      bigint NOT NULL PRIMARY KEY,
    version       bigint      NOT NULL,
    state         text        NOT NULL,
    reason        text,
    skus          text[]      NOT NULL,
    reserved      bigint[]    NOT NULL,
    on_hand_delta bigint[]    NOT NULL,
    backordered   bigint[],
    updated_at    timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);

COMMENT ON TABLE "public"."order_inventory" IS
    'The newest version of each order that was applied, what came of it, and its effect on each SKU that is in force now; a later version of the order moves the difference.';
COMMENT ON COLUMN "public"."order_inventory".skus IS
    'In alphabetical order; reserved and on_hand_delta have an element for each. "public"."order_inventory_lines" shows them as rows.';
COMMENT ON COLUMN "public"."order_inventory".backordered IS
    'What a PARTIALLY_RESERVED order wants of each of the SKUs beyond what it has reserved; null where nothing is backordered.';

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
    'Per order: what was paid, as of version, and what is due, as of due_version.';

-- A row for each order and SKU.
CREATE OR REPLACE VIEW "public"."order_inventory_lines" AS
SELECT o.order_id, l.sku, l.reserved, l.on_hand_delta, coalesce(l.backordered, 0) AS backordered
  FROM "public"."order_inventory" o,
       unnest(o.skus, o.reserved, o.on_hand_delta, o.backordered) AS l (sku, reserved, on_hand_delta, backordered);

-- Empty, always: a row tells a SKU whose stock is not what its orders say.
CREATE OR REPLACE VIEW "public"."stock_drift" AS
SELECT sku,
       s.on_hand,
       s.reserved,
       l.reserved AS reserved_by_orders,
       s.moved,
       l.moved    AS moved_by_orders
  FROM "public"."stock" s
  FULL JOIN (SELECT sku, sum(reserved) AS reserved, sum(on_hand_delta) AS moved
               FROM "public"."order_inventory_lines"
              GROUP BY sku) l USING (sku)
 WHERE coalesce(s.reserved, 0) <> coalesce(l.reserved, 0)
    OR coalesce(s.moved, 0) <> coalesce(l.moved, 0);
