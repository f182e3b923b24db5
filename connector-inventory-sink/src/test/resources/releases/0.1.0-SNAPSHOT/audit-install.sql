-- The audit trail of the Orderflow inventory sink, for audit=true: a row for each applied change.
-- Run it after warehouse-install.sql, as the owner of the other tables; running it again changes nothing.

CREATE TABLE IF NOT EXISTS "public"."order_audit" (
    month           date        NOT NULL DEFAULT (date_trunc('month', now() AT TIME ZONE 'UTC'))::date,
    at              timestamptz NOT NULL DEFAULT now(),
    order_id        bigint NOT NULL,
    version         bigint      NOT NULL,
    kind            text        NOT NULL,
    payment_id      text        NOT NULL,
    state           text,
    reason          text,
    skus            text[]      NOT NULL,
    locations       text[],
    reserved        bigint[]    NOT NULL,
    on_hand         bigint[]    NOT NULL,
    unavailable     bigint[],
    incoming        bigint[],
    topic           text        NOT NULL,
    kafka_partition integer     NOT NULL,
    kafka_offset    bigint      NOT NULL,
    trace_id        text,
    PRIMARY KEY (order_id, kind, payment_id, version, month)
) PARTITION BY LIST (month);

COMMENT ON TABLE "public"."order_audit" IS
    'Each applied change, with its time and the Kafka record that it comes from; kind is inventory, expiry, backorder, payment or due; a row of the kind expiry or backorder comes from no record, and its topic is empty; payment_id is empty but for a payment with an ID of its own, and a backorder, which can be filled in several parts: there it is the revision of the order before. The elements of reserved and on_hand, and of unavailable and incoming unless they are null, are the changes of the SKU at the same index of skus, at the location at the same index of locations (null if none has one), in steps of "public"."stock_scale". "public"."order_audit_lines" shows them as rows, in units.';

-- Creates the partitions of this month and the next, with the owner's privileges, so that the sink needs only to insert.
CREATE OR REPLACE FUNCTION "public"."order_audit_months"() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  first date;
  name text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('orderflow.audit'), hashtext(current_database()));
  FOR ahead IN 0..1 LOOP
    first := (date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => ahead))::date;
    name := format('%I.%I', 'public', 'order_audit_' || to_char(first, 'YYYY_MM'));
    IF to_regclass(name) IS NULL THEN
      EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING ALL)', name, '"public"."order_audit"');
      EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES IN (%L)', '"public"."order_audit"', name, first);
    END IF;
  END LOOP;
END
$$;

SELECT "public"."order_audit_months"();

-- A row for each change, SKU and location, in units; a change that moves nothing has one row without an SKU.
CREATE OR REPLACE VIEW "public"."order_audit_lines" AS
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
  FROM "public"."order_audit" a
  LEFT JOIN LATERAL unnest(a.skus, a.locations, a.reserved, a.on_hand, a.unavailable, a.incoming)
         AS l (sku, location, reserved, on_hand, unavailable, incoming) ON true
 CROSS JOIN "public"."stock_scale" x;
