package io.orderflow.sink.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.TableName;
import io.orderflow.sink.warehouse.WarehouseTables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The constraints of stock: one must prevent overselling, and none may forbid a shortage, which
 * adjustments, counts and holds can leave.
 *
 * <p>What a constraint allows is found out by evaluating its expression for rows of which it is
 * known, since the same can be written in many ways. Columns of which a row says nothing are null,
 * so that they do not make an expression false.
 */
final class StockCheck {

  private static final String CONSTRAINTS =
      """
      SELECT quote_ident(conname), pg_get_expr(conbin, conrelid) FROM pg_constraint
       WHERE conrelid = ?::regclass AND contype = 'c' ORDER BY conname""";

  /** Five on hand, of which three are reserved; eight without a shortage; eight with one. */
  private static final String ROWS =
      """
      [{"on_hand": 5, "reserved": 3, "shortage": 0, "moved": 0, "unavailable": 0, "safety": 0, "oversell": 0, "incoming": 0},
       {"on_hand": 5, "reserved": 8, "shortage": 0, "moved": 0, "unavailable": 0, "safety": 0, "oversell": 0, "incoming": 0},
       {"on_hand": 5, "reserved": 8, "shortage": 3, "moved": 0, "unavailable": 0, "safety": 0, "oversell": 0, "incoming": 0}]""";

  private StockCheck() {}

  /** Reports what is missing or too strict, with the SQL that changes it. */
  static List<Finding> check(Connection connection, String key, TableName table)
      throws SQLException {
    boolean guarded = false;
    List<String> strict = new ArrayList<>();
    for (Map.Entry<String, String> constraint : readConstraints(connection, table).entrySet()) {
      List<Boolean> forbidden = evaluate(connection, table, constraint.getValue());
      if (forbidden.equals(List.of(false, true, true))) {
        strict.add(constraint.getKey());
      }
      guarded |= forbidden.equals(List.of(false, true, false));
    }
    if (!strict.isEmpty()) {
      return List.of(new Finding(key, tooStrict(table, strict, guarded)));
    }
    return guarded
        ? List.of()
        : List.of(
            new Finding(
                key,
                "table %s lacks the constraint that prevents overselling. Run: ALTER TABLE %s ADD CHECK (%s);"
                    .formatted(table, table.quoted(), WarehouseTables.STOCK_CHECK)));
  }

  private static String tooStrict(TableName table, List<String> strict, boolean guarded) {
    List<String> actions = new ArrayList<>();
    strict.forEach(name -> actions.add("DROP CONSTRAINT " + name));
    if (!guarded) {
      actions.add("ADD CHECK (%s)".formatted(WarehouseTables.STOCK_CHECK));
    }
    return ("the constraint %s of table %s allows no shortage, so that adjustments, counts and holds of"
            + " reserved goods would fail. What else it demands needs a constraint of its own. Run:"
            + " ALTER TABLE %s %s;")
        .formatted(String.join(", ", strict), table, table.quoted(), String.join(", ", actions));
  }

  /** The expressions of the constraints, by their quoted names. */
  private static Map<String, String> readConstraints(Connection connection, TableName table)
      throws SQLException {
    Map<String, String> constraints = new LinkedHashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(CONSTRAINTS)) {
      statement.setString(1, table.quoted());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          constraints.put(rows.getString(1), rows.getString(2));
        }
      }
    }
    return constraints;
  }

  /** Whether a constraint forbids each of the rows. */
  private static List<Boolean> evaluate(Connection connection, TableName table, String expression)
      throws SQLException {
    // A question mark in the expression is an operator, not a parameter.
    String sql =
        "SELECT (%s) IS FALSE FROM jsonb_populate_recordset(NULL::%s, ?::jsonb)"
            .formatted(expression.replace("?", "??"), table.quoted());
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, ROWS);
      try (ResultSet rows = statement.executeQuery()) {
        List<Boolean> forbidden = new ArrayList<>();
        while (rows.next()) {
          forbidden.add(rows.getBoolean(1));
        }
        return forbidden;
      }
    }
  }
}
