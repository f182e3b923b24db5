package io.orderflow.source.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.TableName;
import io.orderflow.source.catalog.ServerInfo;
import io.orderflow.source.config.CaptureSettings;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.schema.CapturedTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Checks that the replica identity of each table, and of each of its partitions, contains the order
 * ID: the log then has the order ID of a deleted row, and of a row that moves to another order.
 * Nothing else shows to which order such a row belonged.
 *
 * @param publication the name of the connector's publication
 */
record ReplicaIdentityCheck(CapturedTables tables, List<String> ordersId, String publication) {

  List<Finding> findings(Connection connection) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    check(connection, TableSettings.ORDERS_TABLE, tables.orders(), ordersId, findings);
    TableName items = tables.items();
    if (items != null) {
      check(connection, TableSettings.ITEMS_TABLE, items, required(items), findings);
    }
    for (TableName watched : tables.watchedTables()) {
      if (!watched.equals(items)) {
        check(connection, TableSettings.WATCH, watched, required(watched), findings);
      }
    }
    return findings;
  }

  /** The columns of a table that lead to the orders of its rows. */
  private List<String> required(TableName table) {
    Set<String> required = new LinkedHashSet<>();
    if (table.equals(tables.items())) {
      required.addAll(tables.itemsOrderId());
    }
    tables.watchedWithPaths().stream()
        .filter(watched -> watched.table().equals(table))
        .forEach(watched -> required.addAll(watched.columns()));
    return List.copyOf(required);
  }

  private void check(
      Connection connection,
      String key,
      TableName table,
      List<String> orderId,
      List<Finding> findings)
      throws SQLException {
    int version = ServerInfo.readVersion(connection);
    List<String> fixes = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (StoredTable stored : StoredTables.read(connection, table)) {
      ReplicaIdentityFix fix = new ReplicaIdentityFix(stored, orderId, publication, version);
      Optional<String> problem = problem(stored, orderId, fix);
      if (problem.isEmpty()) {
        continue;
      }
      Optional<String> sql = fix.keepingIdentity().sql().or(fix::sql);
      if (sql.isPresent()) {
        problems.add(problem.get());
        fixes.add(sql.get());
      } else {
        findings.add(new Finding(key, problem.get() + unfixable(orderId)));
      }
    }
    if (!fixes.isEmpty()) {
      findings.add(new Finding(key, summary(problems) + ":\n" + String.join("\n\n", fixes)));
    }
  }

  /**
   * Whether the fixes create an index on each table that stores rows of the items table, which
   * begins with the order ID.
   */
  boolean createsIndexesOfItems(Connection connection) throws SQLException {
    TableName items = tables.items();
    if (items == null) {
      return false;
    }
    int version = ServerInfo.readVersion(connection);
    List<String> orderId = required(items);
    return StoredTables.read(connection, items).stream()
        .allMatch(
            stored -> {
              ReplicaIdentityFix fix =
                  new ReplicaIdentityFix(stored, orderId, publication, version);
              return problem(stored, orderId, fix).isPresent() && fix.createsIndex();
            });
  }

  private static Optional<String> problem(
      StoredTable stored, List<String> orderId, ReplicaIdentityFix fix) {
    return stored.logsOld(orderId)
        ? fix.harm().map(harm -> "the replica identity of %s %s".formatted(stored.name(), harm))
        : Optional.of(
            "the replica identity of %s has %s and not %s, so the log would not contain the order ID of deleted rows"
                .formatted(
                    stored.name(),
                    stored.identityColumns().isEmpty() ? "no column" : stored.identityColumns(),
                    String.join(", ", orderId)));
  }

  private static String summary(List<String> problems) {
    int others = problems.size() - 1;
    return others == 0
        ? problems.get(0)
        : "%s; so do those of %d other partitions".formatted(problems.get(0), others);
  }

  private static String unfixable(List<String> orderId) {
    return ". No replica identity can contain it: %s may be null or the table has no other unique key that is NOT NULL, and FULL is impossible, since the table has generated columns that are not published, or a publication leaves out columns. Change the table or the publication, or set %s=query"
        .formatted(String.join(", ", orderId), CaptureSettings.CAPTURE);
  }
}
