package io.orderflow.source.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.Identifiers;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.schema.CapturedTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/**
 * Checks that the condition of {@code orders.where} depends only on a row of the orders table.
 * PostgreSQL requires the same of a partial index (manual, CREATE INDEX: no subqueries, no
 * aggregates, only immutable functions), so an attempt to create one on an empty temporary table
 * decides; it is rolled back.
 */
record ConditionCheck(CapturedTables tables) {

  Optional<Finding> finding(Connection connection) throws SQLException {
    String where = tables.where();
    if (where == null) {
      return Optional.empty();
    }
    String copy = Identifiers.quote(tables.orders().table());
    Optional<SQLException> refused =
        attempt(
            connection,
            List.of(
                "CREATE TEMPORARY TABLE %s (LIKE %s)".formatted(copy, tables.orders().quoted()),
                "CREATE INDEX ON pg_temp.%s ((1)) WHERE (%s)".formatted(copy, where)));
    if (refused.filter(ConditionCheck::cannotCreateTable).isPresent()) {
      refused =
          attempt(
              connection,
              List.of(
                  "EXPLAIN SELECT FROM %s WHERE (%s)".formatted(tables.orders().quoted(), where)));
    }
    return refused.map(this::finding);
  }

  private static boolean cannotCreateTable(SQLException refused) {
    return SqlFailures.isPrivilege(refused) || SqlFailures.isReadOnly(refused);
  }

  private Finding finding(SQLException refused) {
    String problem =
        SqlFailures.isNotImmutable(refused)
            ? "it has a function, cast or comparison whose result also depends on the time or on settings"
            : String.valueOf(refused.getMessage());
    return new Finding(
        TableSettings.WHERE,
        "PostgreSQL refuses the condition: %s; write an SQL condition that depends only on columns of %s"
            .formatted(problem, tables.orders()));
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
