package io.orderflow.sink.warehouse;

import io.orderflow.common.database.TableName;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Finds out whether tables have triggers that may change a row before it is written. Triggers are
 * created seldom, so that the catalog is read now and then. For one thread.
 */
final class RowTriggers {

  private static final long INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();

  /** Triggers of the users BEFORE each row: the lowest bits of tgtype (pg_trigger.h). */
  private static final String SQL =
      """
      SELECT EXISTS (
        SELECT FROM unnest(?::text[]) AS name, to_regclass(name) AS relation
          JOIN pg_trigger t
            ON (t.tgrelid = relation OR t.tgrelid IN (SELECT relid FROM pg_partition_tree(relation)))
         WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND t.tgtype & 3 = 3)""";

  private final String[] tables;
  private boolean exist;
  private long nextLook = System.nanoTime();

  /** For all tables but the audit trail, whose rows nothing is read from. */
  RowTriggers(WarehouseTables tables) {
    this.tables =
        tables.all().stream()
            .filter(table -> !table.equals(tables.audit()))
            .map(TableName::quoted)
            .toArray(String[]::new);
  }

  /** Whether there are such triggers, as of a few seconds ago. */
  boolean exist(SqlSession session) throws SQLException {
    if (System.nanoTime() - nextLook >= 0) {
      try (PreparedStatement statement = session.prepare(SQL)) {
        Array names = session.connection().createArrayOf("text", tables);
        statement.setArray(1, names);
        try (ResultSet row = statement.executeQuery()) {
          exist = row.next() && row.getBoolean(1);
        }
      }
      nextLook = System.nanoTime() + INTERVAL_NANOS;
    }
    return exist;
  }
}
