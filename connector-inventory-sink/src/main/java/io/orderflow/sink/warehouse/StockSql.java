package io.orderflow.sink.warehouse;

import io.orderflow.common.database.TableName;

/**
 * The statements of the stock table. Those that read have a first parameter, whether the time of
 * the last movement is needed, and end with a row whose third value is the scale.
 *
 * @param change for orders alone, by SKU
 * @param changeAll for stock documents, and orders beside them
 */
record StockSql(
    String read,
    String readAtLocations,
    String readCandidates,
    String lock,
    String create,
    String change,
    String changeAtLocations,
    String changeAll) {

  /**
   * Few rows have any of the last values, and a null needs less room than a 0. The last but one is
   * the margin of {@link io.orderflow.sink.plan.Stock}.
   */
  private static final String COLUMNS =
      "sku, location, on_hand, reserved, nullif(unavailable, 0), nullif(incoming, 0),"
          + " nullif(safety - oversell, 0), CASE WHEN ? THEN moved_at END";

  /**
   * The statements of one table.
   *
   * @param areListed whether the locations are listed that may be chosen
   */
  static StockSql of(TableName table, ScaleGuard scale, boolean areListed) {
    String stock = table.quoted();
    String andScale =
        " UNION ALL SELECT NULL, NULL, %s, 0, NULL, NULL, NULL, NULL".formatted(scale.sql());
    String read =
        "SELECT %s FROM %s WHERE sku = ANY (?::text[]) AND location = ''".formatted(COLUMNS, stock)
            + andScale;
    String readAtLocations =
        """
        SELECT %s
          FROM unnest(?::text[], ?::text[]) AS i (at_sku, at_location)
          JOIN %s ON sku = at_sku AND location = at_location"""
                .formatted(COLUMNS, stock)
            + andScale;
    String readCandidates =
        "SELECT %s FROM %s WHERE sku = ANY (?::text[])%s"
                .formatted(COLUMNS, stock, areListed ? " AND location = ANY (?::text[])" : "")
            + andScale;
    String lock =
        """
        SELECT %s
          FROM (SELECT s.sku, s.location, s.on_hand, s.reserved, s.unavailable, s.incoming, s.safety, s.oversell, s.moved_at
                  FROM unnest(?::text[], ?::text[]) WITH ORDINALITY AS i (sku, location, n)
                  JOIN %s s ON s.sku = i.sku AND s.location = i.location
                 ORDER BY i.n FOR NO KEY UPDATE OF s) locked"""
                .formatted(COLUMNS, stock)
            + andScale;
    String create =
        """
        INSERT INTO %s (sku, location, on_hand, reserved, moved)
        SELECT sku, location, 0, 0, 0 FROM unnest(?::text[], ?::text[]) AS i (sku, location)
        ON CONFLICT (sku, location) DO NOTHING"""
            .formatted(stock);
    String changeAll =
        """
        UPDATE %s s
           SET reserved = s.reserved + c.reserved,
               on_hand = s.on_hand + c.on_hand,
               moved = s.moved + c.on_hand,
               unavailable = s.unavailable + c.unavailable,
               incoming = s.incoming + c.incoming,
               shortage = greatest(0, s.reserved + c.reserved + s.unavailable + c.unavailable
                                      - s.on_hand - c.on_hand),
               moved_at = CASE WHEN c.counted_at IS NOT NULL THEN least(c.counted_at::timestamptz, now())
                               WHEN c.has_moved THEN greatest(s.moved_at, now())
                               ELSE s.moved_at END
          FROM unnest(?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
                      ?::boolean[], ?::text[], ?::text[], ?::text[])
               AS c (sku, location, reserved, on_hand, unavailable, incoming, shortage,
                     has_moved, counted_at, known_on_hand, known_move)
         WHERE s.sku = c.sku AND s.location = c.location
           AND 0 <= s.reserved + c.reserved
           AND 0 <= s.incoming + c.incoming
           AND 0 <= s.unavailable + c.unavailable
           AND s.unavailable + c.unavailable <= s.on_hand + c.on_hand
           AND s.reserved + c.reserved + s.unavailable + c.unavailable + s.safety
               <= s.on_hand + c.on_hand + s.oversell + c.shortage
           AND (c.known_on_hand IS NULL
                OR s.on_hand = c.known_on_hand::bigint
                   AND s.moved_at IS NOT DISTINCT FROM c.known_move::timestamptz)"""
            .formatted(stock);
    String change =
        change(stock, "sku, reserved, on_hand", "?::text[], ?::bigint[], ?::bigint[]", "''");
    String changeAtLocations =
        change(
            stock,
            "sku, reserved, on_hand, location",
            "?::text[], ?::bigint[], ?::bigint[], ?::text[]",
            "c.location");
    return new StockSql(
        read, readAtLocations, readCandidates, lock, create, change, changeAtLocations, changeAll);
  }

  private static String change(String stock, String columns, String arrays, String location) {
    return """
        UPDATE %s s
           SET reserved = s.reserved + c.reserved,
               on_hand = s.on_hand + c.on_hand,
               moved = s.moved + c.on_hand,
               shortage = least(s.oversell, greatest(0, s.reserved + c.reserved + s.unavailable
                                                        - s.on_hand - c.on_hand)),
               moved_at = CASE WHEN c.on_hand = 0 THEN s.moved_at ELSE greatest(s.moved_at, now()) END
          FROM unnest(%s) AS c (%s)
         WHERE s.sku = c.sku AND s.location = %s
           AND 0 <= s.reserved + c.reserved
           AND s.reserved + c.reserved + s.unavailable + s.safety <= s.on_hand + c.on_hand + s.oversell"""
        .formatted(stock, arrays, columns, location);
  }
}
