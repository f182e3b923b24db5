package io.orderflow.sink.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.Identifiers;
import io.orderflow.common.database.TableName;
import io.orderflow.sink.warehouse.WarehouseTables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds triggers of the sink's tables whose functions change the sums of payments. The sink adds to
 * these sums, and reads them again only if a trigger before each row may have changed them: what
 * another trigger does to them would only show in a view. Statements that a function builds at run
 * time are not found.
 *
 * @param tables whose payments have IDs of their own
 */
record SumTriggers(WarehouseTables tables, WarehouseTables.OrderPaymentTables payments) {

  private static final String TARGET = "\"?\\m(paid|refunded|currency|order_id)\\M\"?";

  private static final String EXPRESSION = expression(8);

  /** Parameters: the tables, and a regular expression of the statements. */
  private static final String SQL =
      """
      SELECT DISTINCT t.tgrelid::regclass::text, quote_ident(t.tgname), p.oid::regprocedure::text
        FROM unnest(?::text[]) AS name, to_regclass(name) AS relation
        JOIN pg_trigger t
          ON t.tgrelid = relation OR t.tgrelid IN (SELECT relid FROM pg_partition_tree(relation))
        JOIN pg_proc p ON p.oid = t.tgfoid
       WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND t.tgenabled IN ('O', 'A')
         AND regexp_replace(p.prosrc, '--[^\\n]*', '', 'g') ~* ?
       ORDER BY 1, 2""";

  List<Finding> findings(Connection connection, String key) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setArray(
          1,
          connection.createArrayOf("text", tables.all().stream().map(TableName::quoted).toArray()));
      statement.setString(2, statements(payments.totals()));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          findings.add(new Finding(key, message(row)));
        }
      }
    }
    return findings;
  }

  private String message(ResultSet row) throws SQLException {
    return "the trigger %2$s of table %1$s calls %3$s, which changes the sums in %4$s. The sink adds to them what each payment changes, so they would be wrong. Let the function write to another table, or drop the trigger. Run: DROP TRIGGER %2$s ON %1$s;"
        .formatted(row.getString(1), row.getString(2), row.getString(3), payments.totals());
  }

  /** Statements that add, remove or change sums; not those that change other columns. */
  private static String statements(TableName totals) {
    String name =
        "(%s\\s*\\.\\s*)?%s".formatted(identifier(totals.schema()), identifier(totals.table()));
    return "\\m(insert\\s+into|delete\\s+from|merge\\s+into|truncate(\\s+table)?)\\s+(only\\s+)?"
        + name
        + "(?![\\w.$])|\\mupdate\\s+(only\\s+)?"
        + name
        + "(?![\\w.$])[^;()=]*\\mset\\M("
        + EXPRESSION
        + ",)?\\s*("
        + TARGET
        + "|\\([^()]*"
        + TARGET
        + "[^()]*\\))\\s*=";
  }

  /**
   * What is assigned to other columns before. Commas in parentheses do not end it.
   *
   * @param depth how many parentheses may be inside others
   */
  private static String expression(int depth) {
    String nested = depth == 0 ? "" : "|\\(" + expression(depth - 1) + "\\)";
    return "([^;()]" + nested + ")*";
  }

  /** With or without quotes. */
  private static String identifier(String name) {
    String quoted = Identifiers.quote(name);
    return "\"?%s\"?"
        .formatted(quoted.substring(1, quoted.length() - 1).replaceAll("\\W", "\\\\$0"));
  }
}
