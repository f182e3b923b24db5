package io.orderflow.source.validate;

import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.TableName;
import io.orderflow.source.config.TableSettings;
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

/** Checks that the triggers that record changes exist and are enabled. */
record TriggerCheck(CapturedTables tables, OrderSchema schema, int shards) {

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
    InstallSql sql = new InstallSql(tables, schema.ids(), shards);
    check(
        connection,
        new Expected(
            TableSettings.ORDERS_TABLE, tables.orders(), InstallSql.ORDERS_TRIGGERS, sql.stamps()),
        findings);
    TableName items = tables.items();
    if (items != null) {
      check(
          connection,
          new Expected(TableSettings.ITEMS_TABLE, items, InstallSql.ITEMS_TRIGGERS, sql.stamps()),
          findings);
    }
    if (tables.deletes() != null) {
      check(
          connection,
          new Expected(
              TableSettings.DELETES,
              tables.orders(),
              InstallSql.DELETES_TRIGGERS,
              sql.deletesInstall()),
          findings);
    }
    return findings;
  }

  /** Triggers of one table, and the script that creates them. */
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
              "%s lacks the triggers %s, without which changes are lost:\n%s"
                  .formatted(table, missing, expected.script())));
    }
    for (String name : expected.names()) {
      String enabled = found.getOrDefault(name, "O");
      if (!enabled.equals("O") && !enabled.equals("A")) {
        findings.add(
            new Finding(
                expected.key(),
                "the trigger %s of %s is disabled: ALTER TABLE %s ENABLE TRIGGER %s; then update the rows that have changed in the meantime"
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
