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

  /** Objects of PostgreSQL itself have lower OIDs, and do not change. */
  private static final int FIRST_OWN_OID = 16_384;

  private final SchemaReader schemas;
  private final String sql;

  private @Nullable String fingerprint;
  private @Nullable OrderSchema schema;
  private long lockedAt;
  private String snapshot = "";
  private @Nullable String endOfLog;

  /** Knows no schema yet. */
  public SchemaLock(CapturedTables tables, DecimalHandling decimals) {
    schemas = new SchemaReader(tables, decimals);
    sql = sql(tables);
  }

  /**
   * Locks before the first snapshot, as the manual advises (LOCK, Notes): to an earlier snapshot, a
   * table that is rewritten afterwards looks empty, and orders would lose their items.
   *
   * <p>The fingerprint changes with each change of anything on which the columns' values depend:
   * the columns themselves, their enums, domains, composite types and ranges, and the queries of
   * views; and with each partition that is attached or removed. Any such change writes a catalog
   * row again, so that its {@code xmin} differs even if the row is as before. The hash is none that
   * a server in FIPS mode refuses.
   */
  private static String sql(CapturedTables tables) {
    List<String> names =
        Stream.of(
                tables.orders(),
                tables.items(),
                tables.deletes(),
                tables.reading().ordersView(),
                tables.reading().itemsView())
            .filter(Objects::nonNull)
            .map(TableName::quoted)
            .toList();
    return """
    LOCK TABLE %1$s IN ACCESS SHARE MODE;
    WITH RECURSIVE used (oid, relation) AS (
      SELECT t.oid, t.typrelid FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
      WHERE a.attrelid = ANY (ARRAY[%2$s]::regclass[]) AND a.attnum > 0 AND t.oid >= %3$d
      UNION
      SELECT t.oid, t.typrelid
      FROM used JOIN pg_catalog.pg_type u ON u.oid = used.oid
      CROSS JOIN LATERAL (
        SELECT u.typbasetype UNION SELECT u.typelem
        UNION SELECT rngsubtype FROM pg_catalog.pg_range WHERE u.oid IN (rngtypid, rngmultitypid)
        UNION SELECT atttypid FROM pg_catalog.pg_attribute WHERE attrelid = used.relation AND attnum > 0
      ) AS part (oid)
      JOIN pg_catalog.pg_type t ON t.oid = part.oid AND t.oid >= %3$d
    ), family (parent, child, attached) AS (
      SELECT inhparent, inhrelid, xmin::text FROM pg_catalog.pg_inherits WHERE inhparent = ANY (ARRAY[%2$s]::regclass[])
      UNION
      SELECT i.inhparent, i.inhrelid, i.xmin::text FROM family JOIN pg_catalog.pg_inherits i ON i.inhparent = child
    )
    SELECT hashtextextended(concat_ws(';',
      (SELECT string_agg(concat_ws(' ', attrelid, attnum, xmin), ',' ORDER BY attrelid, attnum)
       FROM pg_catalog.pg_attribute
       WHERE attnum > 0 AND (attrelid = ANY (ARRAY[%2$s]::regclass[]) OR attrelid IN (SELECT relation FROM used))),
      (SELECT string_agg(concat_ws(' ', oid, xmin), ',' ORDER BY oid)
       FROM pg_catalog.pg_type WHERE oid IN (SELECT oid FROM used)),
      (SELECT string_agg(concat_ws(' ', oid, xmin), ',' ORDER BY oid)
       FROM pg_catalog.pg_enum WHERE enumtypid IN (SELECT oid FROM used)),
      (SELECT string_agg(concat_ws(' ', oid, convalidated), ',' ORDER BY oid)
       FROM pg_catalog.pg_constraint WHERE conrelid = ANY (ARRAY[%2$s]::regclass[]) AND contype = 'n'),
      (SELECT string_agg(concat_ws(' ', oid, xmin), ',' ORDER BY oid)
       FROM pg_catalog.pg_rewrite WHERE ev_class = ANY (ARRAY[%2$s]::regclass[])),
      (SELECT string_agg(concat_ws(' ', parent, child, attached), ',' ORDER BY parent, child) FROM family)), 0),
      (extract(epoch FROM clock_timestamp()) * 1000)::bigint,
      pg_current_snapshot()::text,
      CASE WHEN NOT pg_is_in_recovery() THEN pg_current_wal_insert_lsn()::text END
    """
        .formatted(
            String.join(", ", names),
            names.stream().map(Identifiers::literal).collect(Collectors.joining(", ")),
            FIRST_OWN_OID);
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
        snapshot = row.getString(3);
        endOfLog = row.getString(4);
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

  /**
   * The {@code pg_snapshot} of the last transaction as text, if its isolation level is REPEATABLE
   * READ; otherwise that of its first query alone.
   */
  public String snapshot() {
    return snapshot;
  }

  /**
   * A {@code pg_lsn} after everything that {@link #snapshot} shows, as text: it is read after the
   * snapshot was taken. Null on a standby.
   */
  public @Nullable String endOfLog() {
    return endOfLog;
  }

  /** The fingerprint of the schema that was locked last. */
  public String fingerprint() {
    return Objects.requireNonNull(fingerprint, "no schema was locked");
  }

  /** Forgets the schema, since the next connection may reach another server. */
  public void forgetSchema() {
    schema = null;
  }
}
