package io.orderflow.source.validate;

import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.TableName;
import io.orderflow.source.catalog.Partitions;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.Column;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.PartitionTree;
import io.orderflow.source.schema.WatchedTable;
import io.orderflow.source.sql.ObjectNames;
import io.orderflow.source.sql.OrderIdSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The indexes exist by which one order and its items are found. */
record LookUpIndexCheck(CapturedTables tables, OrderSchema schema) {

  List<Finding> findings(Connection connection) throws SQLException {
    List<Finding> findings = new ArrayList<>(findingsOfOrders(connection));
    findings.addAll(findingsOfItems(connection));
    findings.addAll(findingsOfPaths(connection));
    return findings;
  }

  /** The tables between the watched tables and the orders are read by their keys. */
  List<Finding> findingsOfPaths(Connection connection) throws SQLException {
    List<WatchedTable.Step> steps =
        tables.watched().stream()
            .flatMap(watched -> watched.path().stream())
            .filter(step -> !isOrderId(step))
            .distinct()
            .toList();
    List<Finding> findings = new ArrayList<>();
    for (WatchedTable.Step step : steps) {
      checkIndex(connection, TableSettings.WATCH, step.table(), step.key())
          .filter(finding -> !findings.contains(finding))
          .ifPresent(findings::add);
    }
    return findings;
  }

  /** The index of the order ID is checked anyway. */
  private boolean isOrderId(WatchedTable.Step step) {
    return step.table().equals(tables.orders()) && step.key().equals(schema.ids().names());
  }

  /** The order ID is unique, and orders are found by it. */
  List<Finding> findingsOfOrders(Connection connection) throws SQLException {
    PartitionTree orders = Partitions.readTree(connection, tables.orders());
    List<TableIndexes.Index> indexes = TableIndexes.read(connection, tables.orders());
    return (orders.isPartitioned()
            ? checkPartitionedId(connection, orders, indexes)
            : checkId(indexes))
        .stream().toList();
  }

  /** Items are found by the order ID. */
  List<Finding> findingsOfItems(Connection connection) throws SQLException {
    TableName items = tables.items();
    return items == null
        ? List.of()
        : checkIndex(connection, TableSettings.ITEMS_ORDER_ID, items, tables.itemsOrderId())
            .stream()
            .toList();
  }

  /** The statements that create the index by which items of a partitioned table are found. */
  static List<String> missingOfItems(
      Connection connection, PartitionTree items, List<String> orderId) throws SQLException {
    return missing(connection, items, orderId);
  }

  private boolean isUnique(List<TableIndexes.Index> indexes) {
    List<String> ids = schema.ids().names();
    return indexes.stream().anyMatch(i -> i.valid() && i.unique() && i.keys().equals(ids));
  }

  private boolean isNullable() {
    return schema.idColumns().stream().anyMatch(Column::nullable);
  }

  /**
   * A unique index of a partitioned table contains the columns that partition it, so often none can
   * be of the order ID alone. Then that the ID is unique is what the user says by naming it.
   */
  private Optional<Finding> checkPartitionedId(
      Connection connection, PartitionTree orders, List<TableIndexes.Index> indexes)
      throws SQLException {
    List<String> ids = schema.ids().names();
    if (isNullable()) {
      return Optional.of(mayBeNull());
    }
    return isUnique(indexes)
        ? Optional.empty()
        : missing(connection, orders, TableSettings.ORDERS_ID, ids);
  }

  private static Optional<Finding> missing(
      Connection connection, PartitionTree tree, String key, List<String> columns)
      throws SQLException {
    List<String> statements = missing(connection, tree, columns);
    return statements.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Finding(
                key,
                "%s has no index that begins with %s:\n%s"
                    .formatted(
                        tree.tables().get(0).table(),
                        String.join(", ", columns),
                        String.join("\n\n", statements))));
  }

  /** An index that the partitions have without their root serves as well. */
  private static List<String> missing(
      Connection connection, PartitionTree tree, List<String> columns) throws SQLException {
    Map<TableName, List<TableIndexes.Index>> indexes =
        TableIndexes.readTree(connection, tree.tables().get(0).table());
    Predicate<PartitionTree.Partition> hasIndex =
        partition ->
            indexes.getOrDefault(partition.table(), List.of()).stream()
                .anyMatch(index -> index.valid() && index.beginsWith(columns));
    boolean leavesHaveIndexes =
        !tree.leaves().isEmpty() && tree.leaves().stream().allMatch(hasIndex);
    if (leavesHaveIndexes || hasIndex.test(tree.tables().get(0))) {
      return List.of();
    }
    return new PartitionedIndex(
            tree,
            "(" + OrderIdSql.columns(columns, "") + ")",
            partition -> ObjectNames.orderIdIndex(partition, columns),
            index -> index.keys().equals(columns))
        .missing(connection);
  }

  private static boolean hasIndex(Connection connection, TableName table, List<String> columns)
      throws SQLException {
    return TableIndexes.read(connection, table).stream()
        .anyMatch(index -> index.valid() && index.beginsWith(columns));
  }

  private String setNotNull(String first) {
    return schema.ids().names().stream()
        .map(id -> "ALTER COLUMN %s SET NOT NULL".formatted(quote(id)))
        .collect(Collectors.joining(", ", first, ""));
  }

  private Optional<Finding> checkId(List<TableIndexes.Index> indexes) {
    if (isUnique(indexes)) {
      return isNullable() ? Optional.of(mayBeNull()) : Optional.empty();
    }
    Optional<List<@Nullable String>> wider = widerKey(indexes.stream());
    Optional<TableIndexes.Index> primaryKey =
        indexes.stream().filter(TableIndexes.Index::primary).findFirst();
    return Optional.of(
        widerKey(primaryKey.stream())
            .or(() -> primaryKey.isPresent() ? Optional.empty() : wider)
            .map(this::isPartOf)
            .orElseGet(() -> hasNoUniqueIndex(doubts(wider, primaryKey))));
  }

  /** The columns of the smallest unique index that has the order ID among others. */
  private Optional<List<@Nullable String>> widerKey(Stream<TableIndexes.Index> indexes) {
    List<String> ids = schema.ids().names();
    return indexes
        .filter(index -> index.valid() && index.unique())
        .map(TableIndexes.Index::keys)
        .filter(keys -> !keys.contains(null) && keys.containsAll(ids) && keys.size() > ids.size())
        .min(Comparator.comparingInt(List::size));
  }

  /**
   * Such an index may only serve a foreign key, or be there because the order ID is not unique: the
   * primary key, of other columns, does not show which.
   */
  private String doubts(
      Optional<List<@Nullable String>> wider, Optional<TableIndexes.Index> primaryKey) {
    return wider.isEmpty()
            || primaryKey.isEmpty()
            || schema.ids().names().containsAll(primaryKey.get().keys())
        ? ""
        : "; if several rows may have the same, as the unique index of %s suggests, set %s=%s instead"
            .formatted(
                String.join(", ", wider.get()),
                TableSettings.ORDERS_ID,
                String.join(",", primaryKey.get().keys()));
  }

  /** The shop may insert the ID again at any time, which a unique index of it would refuse. */
  private Finding isPartOf(List<@Nullable String> key) {
    return new Finding(
        TableSettings.ORDERS_ID,
        "%s of %s must identify one order, but is only a part of its key, so several rows may have the same. Set %s=%s%s. Rows that are no orders, such as drafts of an edited order, can be left out with orders.where."
            .formatted(
                columns(),
                tables.orders(),
                TableSettings.ORDERS_ID,
                String.join(",", key),
                tables.items() == null
                    ? ""
                    : " and, in the same order, %s with the columns that refer to them"
                        .formatted(TableSettings.ITEMS_ORDER_ID)));
  }

  private Finding hasNoUniqueIndex(String doubts) {
    return new Finding(
        TableSettings.ORDERS_ID,
        "%s of %s must identify one order, but no unique index ensures it%s:\nALTER TABLE %s ADD UNIQUE (%s)%s;"
            .formatted(
                columns(),
                tables.orders(),
                doubts,
                tables.orders().quoted(),
                OrderIdSql.columns(schema.ids().names(), ""),
                setNotNull(", ")));
  }

  private Finding mayBeNull() {
    return new Finding(
        TableSettings.ORDERS_ID,
        "%s of %s must identify one order, but may be null:\nALTER TABLE %s%s;"
            .formatted(columns(), tables.orders(), tables.orders().quoted(), setNotNull(" ")));
  }

  private String columns() {
    return String.join(", ", schema.ids().names());
  }

  private static Optional<Finding> checkIndex(
      Connection connection, String key, TableName table, List<String> columns)
      throws SQLException {
    PartitionTree tree = Partitions.readTree(connection, table);
    if (tree.isPartitioned()) {
      return missing(connection, tree, key, columns);
    }
    return hasIndex(connection, table, columns)
        ? Optional.empty()
        : Optional.of(
            new Finding(
                key,
                "%s has no index that begins with %s:\nCREATE INDEX CONCURRENTLY ON %s (%s);"
                    .formatted(
                        table,
                        String.join(", ", columns),
                        table.quoted(),
                        OrderIdSql.columns(columns, ""))));
  }
}
