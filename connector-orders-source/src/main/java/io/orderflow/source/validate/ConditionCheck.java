package io.orderflow.source.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.Identifiers;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.source.schema.CapturedTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The condition of {@code orders.where} depends on a row of the orders table alone. PostgreSQL asks
 * the same of the condition of a partial index (CREATE INDEX: no subqueries, no aggregates, only
 * immutable functions), so it judges: on an empty temporary table that is rolled back.
 */
record ConditionCheck(CapturedTables tables) {

  private static final String KEY = "orders.where";
  private static final String NOT_IMMUTABLE = "42P17";

  /** No privilege to make temporary tables, or no transaction that writes. */
  private static final Set<String> UNABLE = Set.of("42501", "25006");

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
    if (refused.flatMap(SqlFailures::sqlState).filter(UNABLE::contains).isPresent()) {
      refused =
          attempt(
              connection,
              List.of(
                  "EXPLAIN SELECT FROM %s WHERE (%s)".formatted(tables.orders().quoted(), where)));
    }
    return refused.map(this::finding);
  }

  private Finding finding(SQLException refused) {
    String why =
        SqlFailures.sqlState(refused).filter(NOT_IMMUTABLE::equals).isPresent()
            ? "a function, a cast or a comparison whose result also depends on the time or on settings"
            : String.valueOf(refused.getMessage());
    return new Finding(
        KEY,
        "expected an SQL condition over columns of %s that depends on the row alone, found: %s"
            .formatted(tables.orders(), why));
  }

  private static Optional<SQLException> attempt(Connection connection, List<String> statements)
      throws SQLException {
    boolean autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
      return Optional.empty();
    } catch (SQLException e) {
      return Optional.of(e);
    } finally {
      connection.rollback();
      connection.setAutoCommit(autoCommit);
    }
  }
}
