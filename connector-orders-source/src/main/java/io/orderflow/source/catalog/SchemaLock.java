package io.orderflow.source.catalog;

import io.orderflow.common.database.Identifiers;
import io.orderflow.common.database.TableName;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.DecimalHandling;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.UnusableTablesException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Locks the tables against schema changes for one transaction, and knows their schema, which is
 * read again only if its fingerprint has changed. For one thread.
 */
public final class SchemaLock {

  private final SchemaReader schemas;
  private final String sql;

  private @Nullable String fingerprint;
  private @Nullable OrderSchema schema;
  private long lockedAt;

  /** Knows no schema yet. */
  public SchemaLock(CapturedTables tables, DecimalHandling decimals) {
    schemas = new SchemaReader(tables, decimals);
    sql = sql(tables);
  }

  /**
   * Locks before the first snapshot, as the manual advises (LOCK, Notes): to an earlier snapshot, a
   * table that is rewritten afterwards looks empty, and orders would lose their items. The hash of
   * the fingerprint is none that a server in FIPS mode refuses.
   */
  private static String sql(CapturedTables tables) {
    List<String> names =
        Stream.of(tables.orders(), tables.items(), tables.deletes())
            .filter(Objects::nonNull)
            .map(TableName::quoted)
            .toList();
    return """
        LOCK TABLE %1$s IN ACCESS SHARE MODE;
        SELECT hashtextextended(
          string_agg(concat_ws(' ', attrelid, attnum, attname, atttypid, atttypmod, attnotnull, attisdropped),
                     ',' ORDER BY attrelid, attnum)
          || (SELECT coalesce(string_agg(concat_ws(' ', oid, convalidated), ',' ORDER BY oid), '')
              FROM pg_catalog.pg_constraint
              WHERE conrelid = ANY (ARRAY[%2$s]::regclass[]) AND contype = 'f')
          || (SELECT coalesce(string_agg(concat_ws(' ', inhparent, inhrelid), ',' ORDER BY inhparent, inhrelid), '')
              FROM pg_catalog.pg_inherits WHERE inhparent = ANY (ARRAY[%2$s]::regclass[])), 0),
          (extract(epoch FROM clock_timestamp()) * 1000)::bigint
        FROM pg_catalog.pg_attribute
        WHERE attrelid = ANY (ARRAY[%2$s]::regclass[]) AND attnum > 0
        """
        .formatted(
            String.join(", ", names),
            names.stream().map(Identifiers::literal).collect(Collectors.joining(", ")));
  }

  /**
   * Locks the tables until the end of the transaction, and returns their schema. Must be the first
   * statement of the transaction, since the first query takes its snapshot.
   *
   * @throws UnusableTablesException if the tables can no longer be captured
   */
  public OrderSchema lock(Connection connection) throws SQLException {
    String found = lockAndFingerprint(connection);
    OrderSchema known = schema;
    if (known != null && found.equals(fingerprint)) {
      return known;
    }
    OrderSchema current = schemas.load(connection);
    schema = current;
    fingerprint = found;
    return current;
  }

  private String lockAndFingerprint(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.execute();
      statement.getMoreResults();
      try (ResultSet row = statement.getResultSet()) {
        row.next();
        lockedAt = row.getLong(2);
        return String.valueOf(row.getString(1));
      }
    }
  }

  /**
   * The server's time when the last transaction had locked the tables and taken its snapshot, in
   * milliseconds since the epoch: everything that the transaction sees was committed before.
   */
  public long lockedAt() {
    return lockedAt;
  }

  /** Forgets the schema, since the next connection may reach another server. */
  public void forgetSchema() {
    schema = null;
  }
}
