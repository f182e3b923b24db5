-- The tables of the Orderflow inventory sink. Run as their owner; running it again changes nothing.
-- Tables of another origin, or of an earlier version of this script, first need the SQL that validate names for them.

CREATE TABLE IF NOT EXISTS ${stock} (
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
    CHECK (${stock_check})
) WITH (fillfactor = 25, autovacuum_vacuum_scale_factor = 0.05);

COMMENT ON TABLE ${stock} IS
    'The stock of each SKU at each location, in steps of ${stock_scale_text}; ${stock_units_text} shows units. To correct it, send an adjustment or a count, or change on_hand by the difference: UPDATE ... SET on_hand = on_hand + 5, moved_at = now().';
COMMENT ON COLUMN ${stock}.location IS 'The stock location, such as a warehouse or a store; empty if stock has no locations.';
COMMENT ON COLUMN ${stock}.on_hand IS 'Quantity at the location. It may be changed by hand.';
COMMENT ON COLUMN ${stock}.reserved IS 'Quantity that orders have reserved. Only the sink changes it.';
COMMENT ON COLUMN ${stock}.moved IS
    'Sum of all changes of on_hand by orders and stock documents: received, returned, adjusted and transferred minus shipped. Only the sink changes it; on_hand - moved is the quantity that was entered by hand.';

COMMENT ON COLUMN ${stock}.unavailable IS
    'Part of on_hand that must not be sold, such as damaged goods. Only the sink changes it, by documents with the intent HOLD.';
COMMENT ON COLUMN ${stock}.safety IS
    'Part of on_hand that reservations leave; shipments may use it. Only people change it.';
COMMENT ON COLUMN ${stock}.oversell IS
    'Oversell allowance: how much more than on_hand reservations may take. Only people change it; 0 for an item that is never oversold.';
COMMENT ON COLUMN ${stock}.incoming IS
    'Quantity that was transferred to the location and has not arrived. Only the sink changes it.';
COMMENT ON COLUMN ${stock}.shortage IS
    'How much reserved and unavailable goods may exceed on_hand, after an adjustment, a count, a hold or a transfer, or by the oversell allowance. Only the sink changes it. After a change of on_hand by hand it may be too great until the sink changes the row; ${stock_units_text} shows what is missing now.';
COMMENT ON COLUMN ${stock}.moved_at IS
    'When on_hand has changed last, or the time as of which it was counted since. A count as of an earlier time is rejected.';

CREATE TABLE IF NOT EXISTS ${order_inventory} (
    order_id      ${order_id_type} NOT NULL PRIMARY KEY,
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
    revision      bigint      NOT NULL DEFAULT ${revision_default}
) WITH (fillfactor = 50);

COMMENT ON TABLE ${order_inventory} IS
    'The latest applied version of each order or stock document, its outcome, and its current effect on each SKU and location; a later version applies the difference.';
COMMENT ON COLUMN ${order_inventory}.skus IS
    'In alphabetical order, an SKU once for each location; reserved and on_hand_delta have an element for each, in steps of ${stock_scale_text}. ${order_inventory_units_text} shows units, ${order_inventory_lines_text} a row for each SKU and location.';
COMMENT ON COLUMN ${order_inventory}.locations IS
    'The location of each of the SKUs; null if none of them has one.';
COMMENT ON COLUMN ${order_inventory}.backordered IS
    'The quantity of each of the SKUs that a PARTIALLY_RESERVED order could not reserve; null if nothing is backordered.';
COMMENT ON COLUMN ${order_inventory}.reason IS
    'Why an order has its state, if its record does not explain it; of an adjustment, a count, a hold or a transfer, the reason that its record gives.';
COMMENT ON COLUMN ${order_inventory}.unavailable IS
    'What a document keeps from being sold of each of the SKUs; null if nothing.';
COMMENT ON COLUMN ${order_inventory}.incoming IS
    'What a transfer has sent to each of the locations, and has not arrived; null if nothing.';
COMMENT ON COLUMN ${order_inventory}.expires_at IS
    'When what the order has reserved is released; null if never.';
COMMENT ON COLUMN ${order_inventory}.revision IS
    'Grows with each write of the row, also if the version stays. It starts with the time in milliseconds, so that it is greater than before if all rows are removed and the orders are applied again.';

-- The sweep reads what is due along this index, and nothing else.
CREATE INDEX IF NOT EXISTS ${order_inventory_expires_at} ON ${order_inventory} (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS ${payments} (
    order_id     ${order_id_type} NOT NULL PRIMARY KEY,
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

COMMENT ON TABLE ${payments} IS
    'The payment of each order, with version, and the amount due, with due_version.';
