package io.orderflow.source.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.Identifiers;
import io.orderflow.common.database.TableName;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.schema.CapturedTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks that each condition depends only on a row of what is read of its table. PostgreSQL
 * requires the same of a partial index (manual, CREATE INDEX: no subqueries, no aggregates, only
 * immutable functions), so an attempt to create one on an empty temporary table decides; it is
 * rolled back.
 */
record ConditionCheck(CapturedTables tables) {

  List<Finding> findings(Connection connection) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    TableName orders = tables.ordersRead();
    check(connection, TableSettings.WHERE, tables.reading().ordersWhere(), orders, findings);
    check(
        connection, TableSettings.DELETED_WHERE, tables.reading().deletedWhere(), orders, findings);
    TableName items = tables.itemsRead();
    if (items != null) {
      check(connection, TableSettings.ITEMS_WHERE, tables.reading().itemsWhere(), items, findings);
    }
    return findings;
  }

  private static void check(
      Connection connection,
      String key,
      @Nullable String condition,
      TableName table,
      List<Finding> findings)
      throws SQLException {
    if (condition == null) {
      return;
    }
    String copy = Identifiers.quote(table.table());
    Optional<SQLException> refused =
        attempt(
            connection,
            List.of(
                "CREATE TEMPORARY TABLE %s (LIKE %s)".formatted(copy, table.quoted()),
                "CREATE INDEX ON pg_temp.%s ((1)) WHERE (%s)".formatted(copy, condition)));
    if (refused.filter(ConditionCheck::cannotCreateTable).isPresent()) {
      refused =
          attempt(
              connection,
              List.of("EXPLAIN SELECT FROM %s WHERE (%s)".formatted(table.quoted(), condition)));
    }
    refused.map(failure -> finding(key, table, failure)).ifPresent(findings::add);
  }

  private static boolean cannotCreateTable(SQLException refused) {
    return SqlFailures.isPrivilege(refused) || SqlFailures.isReadOnly(refused);
  }

  private static Finding finding(String key, TableName table, SQLException refused) {
    String problem =
        SqlFailures.isNotImmutable(refused)
            ? "it has a function, cast or comparison whose result also depends on the time or on"
                + " settings"
            : String.valueOf(refused.getMessage());
    return new Finding(
        key,
        "PostgreSQL refuses the condition: %s; write an SQL condition that depends only on columns of %s"
            .formatted(problem, table));
  }

  private static Optional<SQLException> attempt(Connection connection, List<String> statements)
      throws SQLException {
    boolean autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(false);
    Savepoint before = connection.setSavepoint();
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
      return Optional.empty();
    } catch (SQLException e) {
      return Optional.of(e);
    } finally {
      connection.rollback(before);
      connection.setAutoCommit(autoCommit);
    }
  }
}
