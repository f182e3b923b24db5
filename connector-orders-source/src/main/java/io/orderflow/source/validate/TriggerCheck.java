package io.orderflow.source.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.TableName;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.sql.InstallSql;
import io.orderflow.source.sql.Trigger;
import io.orderflow.source.validate.InstalledTriggers.Installed;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Checks that the triggers that record changes exist, do what this capture needs, and are enabled,
 * on the tables and on each of their partitions.
 */
record TriggerCheck(CapturedTables tables, InstallSql sql) {

  List<Finding> findings(Connection connection) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    check(
        connection,
        new Expected(
            TableSettings.ORDERS_TABLE, tables.orders(), sql.ordersTriggers(), sql.stamps()),
        findings);
    TableName items = tables.items();
    if (items != null) {
      check(
          connection,
          new Expected(TableSettings.ITEMS_TABLE, items, sql.itemsTriggers(), sql.stamps()),
          findings);
    }
    if (tables.deletes() != null) {
      check(
          connection,
          new Expected(
              TableSettings.DELETES, tables.orders(), sql.deletesTriggers(), sql.deletesInstall()),
          findings);
    }
    return findings;
  }

  /** Triggers of one table, and the script that creates them. */
  private record Expected(String key, TableName table, List<Trigger> triggers, String script) {}

  private static void check(Connection connection, Expected expected, List<Finding> findings)
      throws SQLException {
    InstalledTriggers installed = InstalledTriggers.read(connection, expected.table());
    List<String> lacking = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (String member : installed.members()) {
      for (Trigger trigger : expected.triggers()) {
        Optional<Installed> found = installed.find(member, trigger.name());
        if (found.isEmpty()) {
          lacking.add(trigger.name() + " of " + member);
        } else if (!found.get().does(trigger)) {
          others.add(trigger.name() + " of " + member);
        }
      }
    }
    report(expected, "the triggers %s do not exist", lacking, findings);
    report(expected, "the triggers %s are not those of this capture", others, findings);
    checkEnabled(expected, installed, findings);
  }

  private static void report(
      Expected expected, String problem, List<String> triggers, List<Finding> findings) {
    if (!triggers.isEmpty()) {
      findings.add(
          new Finding(
              expected.key(),
              "%s, so changes are lost:\n%s"
                  .formatted(problem.formatted(triggers), expected.script())));
    }
  }

  private static void checkEnabled(
      Expected expected, InstalledTriggers installed, List<Finding> findings) {
    for (Trigger trigger : expected.triggers()) {
      List<String> disabled =
          installed.members().stream()
              .filter(
                  member ->
                      installed
                          .find(member, trigger.name())
                          .filter(Predicate.not(Installed::firesAlways))
                          .isPresent())
              .toList();
      if (!disabled.isEmpty()) {
        findings.add(
            new Finding(
                expected.key(),
                "the trigger %s of %s is disabled, or fires only for some values of session_replication_role: %s then update the rows that have changed in the meantime"
                    .formatted(trigger.name(), disabled, enable(trigger, disabled))));
      }
    }
  }

  private static String enable(Trigger trigger, List<String> members) {
    return String.join(
        " ",
        members.stream()
            .map(
                member ->
                    "ALTER TABLE %s ENABLE ALWAYS TRIGGER %s;"
                        .formatted(member, trigger.quotedName()))
            .toList());
  }
}
