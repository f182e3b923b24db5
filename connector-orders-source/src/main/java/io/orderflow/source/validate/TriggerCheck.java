package io.orderflow.source.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.TableName;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderIdColumns;
import io.orderflow.source.schema.TableKind;
import io.orderflow.source.schema.TableKinds;
import io.orderflow.source.schema.UnusableTablesException;
import io.orderflow.source.sql.InstallSql;
import io.orderflow.source.sql.Trigger;
import io.orderflow.source.sql.Trigger.Event;
import io.orderflow.source.validate.InstalledTriggers.Installed;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Checks that the triggers that record changes exist, do what this capture needs, and are enabled,
 * on the tables and on each of their partitions.
 */
public final class TriggerCheck {

  private static final String NOT_RECORDED =
      """

      Changes that are made before the triggers exist are not recorded: then update the orders that have changed in the meantime, or stop the connector and reset its offsets (DELETE /connectors/NAME/offsets), after which all orders are captured again""";

  private final CapturedTables tables;
  private final InstallSql sql;

  /** The triggers for each row, which see all changes of a table of any kind. */
  private final InstallSql byRow;

  /**
   * The check of tables of these kinds.
   *
   * @param sql creates the triggers for them
   */
  public TriggerCheck(CapturedTables tables, TableKinds kinds, OrderIdColumns ids, InstallSql sql) {
    this.tables = tables;
    this.sql = sql;
    this.byRow =
        new InstallSql(
            tables,
            new TableKinds(
                byRow(kinds.orders()),
                byRow(kinds.items()),
                tables.watchedTables().stream()
                    .collect(Collectors.toMap(table -> table, table -> byRow(kinds.of(table))))),
            ids,
            // Only the triggers are needed, which do not depend on the number of shards.
            1,
            "");
  }

  private static TableKind byRow(TableKind kind) {
    return kind.othersReachRows() ? kind : TableKind.SUBSCRIBED;
  }

  /**
   * Requires that the triggers see all changes, except for TRUNCATE of a partition that was added
   * since the installation: a partition manager adds them, and that must not stop a capture.
   *
   * @throws UnusableTablesException with all findings
   */
  public void requireNone(Connection connection) throws SQLException {
    List<Finding> findings = findings(connection, false);
    if (!findings.isEmpty()) {
      throw new UnusableTablesException(
          findings.get(0).key(),
          findings.stream().map(Finding::message).collect(Collectors.joining("\n")) + NOT_RECORDED);
    }
  }

  List<Finding> findings(Connection connection) throws SQLException {
    return findings(connection, true);
  }

  private List<Finding> findings(Connection connection, boolean onEachPartition)
      throws SQLException {
    List<Finding> findings = new ArrayList<>();
    findings.addAll(
        check(
            connection,
            TableSettings.ORDERS_TABLE,
            tables.orders(),
            InstallSql::ordersTriggers,
            onEachPartition));
    TableName items = tables.items();
    if (items != null) {
      findings.addAll(
          check(
              connection,
              TableSettings.ITEMS_TABLE,
              items,
              InstallSql::itemsTriggers,
              onEachPartition));
    }
    for (TableName watched : tables.watchedTables()) {
      findings.addAll(
          check(
              connection,
              TableSettings.WATCH,
              watched,
              install -> install.watchTriggers(watched),
              onEachPartition));
    }
    if (tables.deletes() != null) {
      findings.addAll(
          check(
              connection,
              TableSettings.DELETES,
              tables.orders(),
              InstallSql::deletesTriggers,
              onEachPartition));
    }
    return findings;
  }

  private List<Finding> check(
      Connection connection,
      String key,
      TableName table,
      Function<InstallSql, List<Trigger>> triggers,
      boolean onEachPartition)
      throws SQLException {
    String script = sql.scriptFor(key);
    InstalledTriggers installed = InstalledTriggers.read(connection, table);
    List<Finding> findings = new ArrayList<>();
    check(installed, new Expected(key, triggers.apply(sql), script, onEachPartition), findings);
    if (findings.isEmpty()) {
      return List.of();
    }
    List<Finding> ofRows = new ArrayList<>();
    check(installed, new Expected(key, triggers.apply(byRow), script, onEachPartition), ofRows);
    return ofRows.isEmpty() ? List.of() : findings;
  }

  /**
   * Triggers of one table, and the script that creates them.
   *
   * @param onEachPartition whether each partition must have those that it does not inherit
   */
  private record Expected(
      String key, List<Trigger> triggers, String script, boolean onEachPartition) {

    /** Whether it may be missing from a partition that was added since. */
    boolean isOptional(Trigger trigger, InstalledTriggers installed) {
      return !onEachPartition
          && trigger.events().contains(Event.TRUNCATE)
          && installed.members().stream()
              .anyMatch(member -> installed.find(member, trigger.name()).isPresent());
    }
  }

  private static void check(
      InstalledTriggers installed, Expected expected, List<Finding> findings) {
    List<String> lacking = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (String member : installed.members()) {
      for (Trigger trigger : expected.triggers()) {
        Optional<Installed> found = installed.find(member, trigger.name());
        if (found.isEmpty()) {
          if (!expected.isOptional(trigger, installed)) {
            lacking.add(trigger.name() + " of " + member);
          }
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
                "the trigger %s of %s is disabled, or fires only for some values of session_replication_role. Then update the rows that have changed in the meantime:\n%s"
                    .formatted(trigger.name(), disabled, enable(trigger, disabled))));
      }
    }
  }

  private static String enable(Trigger trigger, List<String> members) {
    return String.join(
        "\n",
        members.stream()
            .map(
                member ->
                    "ALTER TABLE %s ENABLE ALWAYS TRIGGER %s;"
                        .formatted(member, trigger.quotedName()))
            .toList());
  }
}
