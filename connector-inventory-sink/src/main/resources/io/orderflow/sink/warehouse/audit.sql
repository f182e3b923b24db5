-- The audit trail of the Orderflow inventory sink, for audit=true: a row for each applied change.
-- Run it after warehouse-install.sql, as the owner of the other tables; running it again changes nothing.

CREATE TABLE IF NOT EXISTS ${order_audit} (
    month           date        NOT NULL DEFAULT (date_trunc('month', now() AT TIME ZONE 'UTC'))::date,
    at              timestamptz NOT NULL DEFAULT now(),
    order_id        ${order_id_type} NOT NULL,
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

COMMENT ON TABLE ${order_audit} IS
    'Each applied change, with its time and the Kafka record that it comes from; kind is inventory, expiry, backorder, payment or due; a row of the kind expiry or backorder comes from no record, and its topic is empty; payment_id is empty but for a payment with an ID of its own, and a backorder, which can be filled in several parts: there it is the revision of the order before. The elements of reserved and on_hand, and of unavailable and incoming unless they are null, are the changes of the SKU at the same index of skus, at the location at the same index of locations (null if none has one), in steps of ${stock_scale_text}. ${order_audit_lines_text} shows them as rows, in units.';

-- Creates the partitions of this month and the next, with the owner's privileges, so that the sink needs only to insert.
CREATE OR REPLACE FUNCTION ${order_audit_months}() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  first date;
  name text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('orderflow.audit'), hashtext(current_database()));
  FOR ahead IN 0..1 LOOP
    first := (date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => ahead))::date;
    name := format('%I.%I', ${schema_literal}, ${prefix_literal} || to_char(first, 'YYYY_MM'));
    IF to_regclass(name) IS NULL THEN
      EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING ALL)', name, ${order_audit_literal});
      EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES IN (%L)', ${order_audit_literal}, name, first);
    END IF;
  END LOOP;
END
$$;

SELECT ${order_audit_months}();
