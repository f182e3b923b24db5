package io.orderflow.sink.warehouse;

/**
 * The statements that keep the tables of backorders. They look rows up by queries with a LIMIT:
 * PostgreSQL may answer EXISTS for many rows by reading the whole table once.
 *
 * @param queues the SKUs among those of the parameter that somebody waits for, and whether stock of
 *     them has come. While nobody waits at all, it looks at nothing else
 * @param keep gives the rows of one version to a later one
 * @param upsert adds lines, or replaces them. A line that wants no more than before keeps its place
 * @param removeOthers removes the rows of orders except for those of one version
 * @param noteDue adds those SKUs that somebody waits for
 */
record BackorderSql(
    String queues, String keep, String upsert, String removeOthers, String noteDue) {

  static BackorderSql of(BackorderTables tables, OrderIdColumn ids) {
    String backorders = tables.orders().quoted();
    String due = tables.due().quoted();
    return new BackorderSql(
        """
        SELECT u.sku, (SELECT true FROM %2$s d WHERE d.sku = u.sku LIMIT 1)
          FROM unnest(?::text[]) AS u (sku)
         WHERE (SELECT EXISTS (SELECT FROM %1$s WHERE lacking > 0))
           AND (SELECT true FROM %1$s b WHERE b.sku = u.sku AND b.lacking > 0 LIMIT 1)"""
            .formatted(backorders, due),
        """
        UPDATE %s b SET version = u.version
          FROM unnest(?::%s, ?::bigint[], ?::bigint[]) AS u (order_id, version, known)
         WHERE b.order_id = u.order_id AND b.version = u.known"""
            .formatted(backorders, ids.arrayType()),
        """
        INSERT INTO %s AS b (order_id, version, sku, location, wanted, on_hand_delta, lacking)
        SELECT * FROM unnest(?::%s, ?::bigint[], ?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[])
        ON CONFLICT (order_id, sku, location) DO UPDATE
           SET version = EXCLUDED.version, wanted = EXCLUDED.wanted, on_hand_delta = EXCLUDED.on_hand_delta,
               lacking = EXCLUDED.lacking,
               place = CASE WHEN EXCLUDED.wanted <= b.wanted THEN b.place ELSE EXCLUDED.place END,
               waiting_since = CASE WHEN EXCLUDED.wanted <= b.wanted THEN b.waiting_since
                                    ELSE EXCLUDED.waiting_since END"""
            .formatted(backorders, ids.arrayType()),
        """
        DELETE FROM %s b USING unnest(?::%s, ?::bigint[]) AS u (order_id, version)
         WHERE b.order_id = u.order_id AND b.version <> u.version"""
            .formatted(backorders, ids.arrayType()),
        """
        INSERT INTO %2$s (sku)
        SELECT u.sku FROM unnest(?::text[]) AS u (sku)
         WHERE (SELECT true FROM %1$s b WHERE b.sku = u.sku AND b.lacking > 0 LIMIT 1)"""
            .formatted(backorders, due));
  }
}
