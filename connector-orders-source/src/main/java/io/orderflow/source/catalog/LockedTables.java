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
 * The tables, held as they are for a transaction, and what is known of their layout: it is kept
 * until a column changes. For one thread.
 */
public final class LockedTables {

  private final SchemaReader layouts;
  private final String lockSql;

  private @Nullable String form;
  private @Nullable OrderSchema layout;

  public LockedTables(CapturedTables tables, DecimalHandling decimals) {
    layouts = new SchemaReader(tables, decimals);
    lockSql = lockSql(tables);
  }

  /**
   * Locks before the first snapshot, as the manual advises (LOCK, Notes): a table that is rewritten
   * after the snapshot would look empty to it, and orders would lose their items.
   */
  private static String lockSql(CapturedTables tables) {
    List<String> names =
        Stream.of(tables.orders(), tables.items(), tables.deletes())
            .filter(Objects::nonNull)
            .map(TableName::quoted)
            .toList();
    return """
        LOCK TABLE %1$s IN ACCESS SHARE MODE;
        SELECT md5(string_agg(concat_ws(' ', attrelid, attnum, attname, atttypid, atttypmod, attnotnull, attisdropped),
                              ',' ORDER BY attrelid, attnum)
               || (SELECT coalesce(string_agg(concat_ws(' ', oid, convalidated), ',' ORDER BY oid), '')
                   FROM pg_catalog.pg_constraint
                   WHERE conrelid = ANY (ARRAY[%2$s]::regclass[]) AND contype = 'f'))
        FROM pg_catalog.pg_attribute
        WHERE attrelid = ANY (ARRAY[%2$s]::regclass[]) AND attnum > 0
        """
        .formatted(
            String.join(", ", names),
            names.stream().map(Identifiers::literal).collect(Collectors.joining(", ")));
  }

  /**
   * Locks the tables' form for this transaction. Comes before everything else in it, since the
   * first query of a transaction takes its snapshot.
   *
   * @return the form: a text that changes with any column
   */
  public String lock(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(lockSql)) {
      statement.execute();
      statement.getMoreResults();
      try (ResultSet row = statement.getResultSet()) {
        row.next();
        return String.valueOf(row.getString(1));
      }
    }
  }

  /**
   * The layout of the locked tables, learnt anew where their form has changed.
   *
   * @param now their form, as {@link #lock} has found it in this transaction
   * @throws UnusableTablesException when the tables can no longer be captured
   */
  public OrderSchema layout(Connection connection, String now) throws SQLException {
    OrderSchema known = layout;
    if (known != null && now.equals(form)) {
      return known;
    }
    OrderSchema found = layouts.load(connection);
    layout = found;
    form = now;
    return found;
  }

  /** Forgets what was learnt of a server that may be another one by now. */
  public void forget() {
    layout = null;
  }
}
