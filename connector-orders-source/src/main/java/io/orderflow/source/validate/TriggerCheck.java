package io.orderflow.source.validate;

import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.TableName;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.sql.InstallSql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The triggers that stamp changes are there and on. */
record TriggerCheck(CapturedTables tables, OrderSchema layout, int shards) {

  private static final String TRIGGERS =
      """
      SELECT t.tgname, t.tgenabled
      FROM pg_catalog.pg_trigger t
      JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ? AND c.relname = ? AND NOT t.tgisinternal
      """;

  List<Finding> findings(Connection connection) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    InstallSql sql = new InstallSql(tables, layout.ordersId(), layout.idType(), shards);
    check(
        connection,
        new Expected("orders.table", tables.orders(), InstallSql.ORDERS_TRIGGERS, sql.stamps()),
        findings);
    TableName items = tables.items();
    if (items != null) {
      check(
          connection,
          new Expected("items.table", items, InstallSql.ITEMS_TRIGGERS, sql.stamps()),
          findings);
    }
    if (tables.deletes() != null) {
      check(
          connection,
          new Expected(
              "deletes.table", tables.orders(), InstallSql.DELETES_TRIGGERS, sql.deletesInstall()),
          findings);
    }
    return findings;
  }

  /** Triggers of one table, and the script that makes them. */
  private record Expected(String key, TableName table, List<String> names, String script) {}

  private static void check(Connection connection, Expected expected, List<Finding> findings)
      throws SQLException {
    TableName table = expected.table();
    Map<String, String> found = triggers(connection, table);
    List<String> missing =
        expected.names().stream().filter(name -> !found.containsKey(name)).toList();
    if (!missing.isEmpty()) {
      findings.add(
          new Finding(
              expected.key(),
              "expected %s to have the triggers %s, found none of %s; without them changes are lost:\n%s"
                  .formatted(table, expected.names(), missing, expected.script())));
    }
    for (String name : expected.names()) {
      String enabled = found.getOrDefault(name, "O");
      if (!enabled.equals("O") && !enabled.equals("A")) {
        findings.add(
            new Finding(
                expected.key(),
                "expected the trigger %s of %s to be on, found it off: ALTER TABLE %s ENABLE TRIGGER %s; then touch what has changed meanwhile"
                    .formatted(name, table, table.quoted(), quote(name))));
      }
    }
  }

  private static Map<String, String> triggers(Connection connection, TableName table)
      throws SQLException {
    Map<String, String> triggers = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(TRIGGERS)) {
      statement.setString(1, table.schema());
      statement.setString(2, table.table());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          triggers.put(row.getString(1), row.getString(2));
        }
      }
    }
    return triggers;
  }
}
