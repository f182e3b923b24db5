-- The tables of payments that have IDs of their own, for payment.id.field: several payments of an order.
-- Run as the owner of the other tables, after warehouse-install.sql; running it again changes nothing.

CREATE TABLE IF NOT EXISTS "public"."order_payments" (
    payment_id text COLLATE "C" NOT NULL PRIMARY KEY,
    order_id   bigint,
    version    bigint      NOT NULL,
    state      text        NOT NULL,
    status     text,
    amount     numeric,
    paid       numeric     NOT NULL,
    refunded   numeric     NOT NULL,
    currency   text,
    provider   text,
    reference  text,
    updated_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);

CREATE INDEX IF NOT EXISTS "order_payments_order_id" ON "public"."order_payments" (order_id);

COMMENT ON TABLE "public"."order_payments" IS
    'The latest applied version of each payment, and what its order has paid and got back with it. A deleted payment stays, with the state DELETED and without an amount.';
COMMENT ON COLUMN "public"."order_payments".amount IS 'As in the record: the state decides whether it was paid or refunded.';
COMMENT ON COLUMN "public"."order_payments".currency IS 'Null for a record without one: the currency of the order.';

CREATE TABLE IF NOT EXISTS "public"."payment_totals" (
    order_id   bigint NOT NULL,
    currency   text        NOT NULL,
    paid       numeric     NOT NULL,
    refunded   numeric     NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (order_id, currency)
) WITH (fillfactor = 50);

COMMENT ON TABLE "public"."payment_totals" IS
    'The sums of the payments of each order, for each currency. Each new version of a payment adds the difference to its last one. "public"."payments_balance" shows them beside the amount due.';
COMMENT ON COLUMN "public"."payment_totals".currency IS 'Empty for payments without one.';

-- A row for each order and currency; open is what remains to be paid, negative if too much was paid.
-- Without an amount due, due and open are null. Payments without a currency have that of the order.
CREATE OR REPLACE VIEW "public"."payments_balance" AS
SELECT order_id,
       currency,
       sum(due)                                AS due,
       sum(paid)                               AS paid,
       sum(refunded)                           AS refunded,
       sum(due) - sum(paid) + sum(refunded)    AS open
  FROM (SELECT order_id, due_currency AS currency, due, 0 AS paid, 0 AS refunded
          FROM "public"."payments"
         WHERE due_version IS NOT NULL
        UNION ALL
        SELECT t.order_id,
               coalesce(nullif(t.currency, ''), p.due_currency),
               CASE WHEN p.due_version IS NOT NULL THEN 0 END,
               t.paid,
               t.refunded
          FROM "public"."payment_totals" t
          LEFT JOIN "public"."payments" p ON p.order_id = t.order_id
         WHERE t.paid <> 0 OR t.refunded <> 0) a
 GROUP BY order_id, currency;

-- Always empty: a row is an order whose sums differ from its payments.
CREATE OR REPLACE VIEW "public"."payment_totals_drift" AS
SELECT order_id,
       currency,
       t.paid,
       p.paid     AS paid_by_payments,
       t.refunded,
       p.refunded AS refunded_by_payments
  FROM "public"."payment_totals" t
  FULL JOIN (SELECT order_id, coalesce(currency, '') AS currency, sum(paid) AS paid, sum(refunded) AS refunded
               FROM "public"."order_payments"
              WHERE order_id IS NOT NULL
              GROUP BY 1, 2) p USING (order_id, currency)
 WHERE coalesce(t.paid, 0) <> coalesce(p.paid, 0)
    OR coalesce(t.refunded, 0) <> coalesce(p.refunded, 0);
