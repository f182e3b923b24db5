package io.orderflow.source.log;

import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.common.database.TableName;
import io.orderflow.source.catalog.AttachedPartitions;
import io.orderflow.source.catalog.TableFiles;
import io.orderflow.source.config.LogSettings;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.offset.Lsn;
import io.orderflow.source.read.ReadPoint;
import io.orderflow.source.read.RowCondition;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.TableKind;
import io.orderflow.source.schema.TableKinds;
import io.orderflow.source.schema.UnusableTablesException;
import io.orderflow.source.schema.WatchedTable;
import io.orderflow.source.sql.WatchSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the partitions with those of the offset, since the log does not contain that a partition
 * was attached, detached or dropped:
 *
 * <ul>
 *   <li>The orders of a partition that was attached with rows are emitted by a snapshot.
 *   <li>A partition that was detached or dropped stops capture, or is ignored.
 * </ul>
 *
 * @param ignoresRemovals whether capture continues after a partition was removed
 */
record PartitionChanges(CapturedTables tables, boolean ignoresRemovals) {

  private static final Logger log = LoggerFactory.getLogger(PartitionChanges.class);

  /** An alias that differs from the name of the orders table. */
  private static final String ITEM = "orderflow item";

  /**
   * The offset with the partitions that a transaction's snapshot shows, and with a snapshot of
   * their orders if needed.
   *
   * @throws UnusableTablesException if a partition was removed, which stops capture
   */
  LogOffset apply(Connection connection, LogOffset offset) throws SQLException {
    ReadPoint point = ReadPoint.read(connection);
    AttachedPartitions current = AttachedPartitions.readPartitions(connection, tables);
    String stored = offset.partitions();
    if (stored == null) {
      return offset.withPartitions(current.toString());
    }
    AttachedPartitions before = AttachedPartitions.parse(stored);
    NavigableSet<Long> removed = before.without(current);
    if (!removed.isEmpty()) {
      reportRemoved(AttachedPartitions.readNames(connection, removed), offset.lsn());
    }
    NavigableSet<Long> attached =
        AttachedPartitions.readThoseWithOldRows(connection, current.without(before));
    LogOffset compared = offset.withPartitions(current.toString());
    if (attached.isEmpty()) {
      return compared;
    }
    log.info(
        "{} were attached with rows; capturing their orders",
        AttachedPartitions.readNames(connection, attached));
    return compared.withSnapshot(
        point.snapshot().toString(),
        TableFiles.readFiles(connection, tables),
        scope(offset, attached));
  }

  /** A snapshot that is running starts again, with a scope that includes its own. */
  private static String scope(LogOffset offset, NavigableSet<Long> attached) {
    String running = offset.snapshotPartitions();
    if (offset.isInSnapshot() && (running == null || running.equals(LogOffset.ALL_PARTITIONS))) {
      return LogOffset.ALL_PARTITIONS;
    }
    NavigableSet<Long> all = new TreeSet<>(attached);
    if (running != null) {
      Arrays.stream(running.split(",")).map(Long::valueOf).forEach(all::add);
    }
    return all.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private void reportRemoved(String removed, Lsn emittedUntil) {
    if (ignoresRemovals) {
      log.warn(
          "Partitions of {} were detached or dropped: {}. Their orders remain in the topic as"
              + " they are ({}=ignore). Their changes before that which are not emitted yet are"
              + " skipped; all until {} are emitted. To emit the others too, write to the orders again"
              + " before a partition is removed, or remove it once capture has caught up",
          names(),
          removed,
          LogSettings.PARTITION_REMOVAL_MODE,
          emittedUntil);
      return;
    }
    throw new UnusableTablesException(
        TableSettings.ORDERS_TABLE,
        "partitions of %s were detached or dropped: %s. The log does not contain the orders or items that disappeared with them. To leave these orders in the topic as they are, set %s=ignore; or, for this time only, stop the connector and remove \"partitions\" from its offset. To capture all remaining orders again, stop the connector and reset its offsets (DELETE /connectors/NAME/offsets)"
            .formatted(names(), removed, LogSettings.PARTITION_REMOVAL_MODE));
  }

  private String names() {
    return tables.all().stream().map(TableName::toString).collect(Collectors.joining(" or "));
  }

  /**
   * The orders that a snapshot of some partitions has to read: those that have their own row, that
   * of an item or of a watched table in one of them. Tables without partitions are not searched.
   *
   * @param oids as {@link LogOffset#snapshotPartitions}
   */
  static RowCondition condition(
      CapturedTables tables, TableKinds kinds, OrderSchema schema, String oids) {
    if (oids.equals(LogOffset.ALL_PARTITIONS)) {
      return RowCondition.NONE;
    }
    List<@Nullable String> list = List.of(oids.split(","));
    String orders = quote(tables.orders().table());
    List<String> conditions = new ArrayList<>(List.of(isIn(orders)));
    List<String> ids = schema.ids().names().stream().map(id -> orders + "." + quote(id)).toList();
    TableName items = tables.items();
    if (items != null && kinds.items() == TableKind.PARTITIONED) {
      String item = quote(ITEM);
      conditions.add(
          "EXISTS (SELECT FROM %s AS %s WHERE %s AND %s)"
              .formatted(
                  items.quoted(),
                  item,
                  row(tables.itemsOrderId().stream().map(id -> item + "." + quote(id)).toList())
                      + " = "
                      + row(ids),
                  isIn(item)));
    }
    for (WatchedTable watched : tables.watchedWithPaths()) {
      if (kinds.of(watched.table()) != TableKind.PARTITIONED) {
        continue;
      }
      WatchSql sql = new WatchSql(watched);
      conditions.add(
          "EXISTS (SELECT FROM %s AS %s%s WHERE (%s) = %s AND %s)"
              .formatted(
                  watched.table().quoted(),
                  WatchSql.ROW,
                  sql.path(),
                  sql.orderId(),
                  row(ids),
                  isIn(WatchSql.ROW)));
    }
    return new RowCondition(
        "(" + String.join(" OR ", conditions) + ")", Collections.nCopies(conditions.size(), list));
  }

  private static String row(List<String> columns) {
    return "(" + String.join(", ", columns) + ")";
  }

  private static String isIn(String table) {
    return table + ".tableoid = ANY (?::text[]::oid[])";
  }
}
