package io.orderflow.source.query;

import io.orderflow.source.catalog.TableFamily;
import io.orderflow.source.catalog.UnrecordedPartitions;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.offset.ShardOffset;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.TableKinds;
import io.orderflow.source.schema.UnusableTablesException;
import io.orderflow.source.sql.InstallSql;
import io.orderflow.source.validate.RowSecurityCheck;
import io.orderflow.source.validate.TriggerCheck;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that triggers do not see all changes of the tables: if they are missing or disabled; if
 * row security hides orders from them; if statements reach a table in another way than before, such
 * as through a table that it became a partition of; and if partitions were attached with rows, or
 * removed. For one thread.
 */
final class PartitionMonitor {

  private static final Logger log = LoggerFactory.getLogger(PartitionMonitor.class);

  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /** Others may remove a trigger, such as a capture of the same tables that is uninstalled. */
  private static final Duration TRIGGERS_INTERVAL = Duration.ofSeconds(5);

  private final OrdersSourceConfig config;

  /** Partitions that were attached without rows, or whose rows are known to be captured. */
  private final Set<UnrecordedPartitions.Change> accepted = new HashSet<>();

  private @Nullable OrderSchema schema;
  private @Nullable TableKinds kinds;
  private @Nullable UnrecordedPartitions unrecorded;
  private long next = System.nanoTime();
  private long nextOfTriggers = System.nanoTime();

  PartitionMonitor(OrdersSourceConfig config) {
    this.config = config;
  }

  /**
   * Checks triggers and partitions, if the last check was long enough ago.
   *
   * @param offsets of the task's shards
   * @throws UnusableTablesException if changes of orders may be lost
   */
  void check(Connection connection, OrderSchema current, Collection<ShardOffset> offsets)
      throws SQLException {
    if (System.nanoTime() - next < 0) {
      return;
    }
    CapturedTables tables = config.tables();
    TableKinds found = TableFamily.readKinds(connection, tables);
    if (!current.equals(schema)
        || !found.equals(kinds)
        || System.nanoTime() - nextOfTriggers >= 0) {
      InstallSql sql = new InstallSql(tables, found, current.ids(), config.shards(), config.name());
      new TriggerCheck(tables, found, current.ids(), sql).requireNone(connection);
      new RowSecurityCheck(tables, sql).requireNone(connection);
      unrecorded = new UnrecordedPartitions(sql, config.log().ignoresPartitionRemoval());
      schema = current;
      kinds = found;
      nextOfTriggers = System.nanoTime() + TRIGGERS_INTERVAL.toNanos();
    }
    long captureBegan = offsets.stream().mapToLong(ShardOffset::snapshotUntil).min().orElse(0);
    UnrecordedPartitions partitions = Objects.requireNonNull(unrecorded);
    for (UnrecordedPartitions.Change change : partitions.read(connection)) {
      if (!accepted.contains(change)) {
        partitions.requireSeen(connection, change, captureBegan);
        accepted.add(change);
        warn(change);
      }
    }
    next = System.nanoTime() + INTERVAL.toNanos();
  }

  private static void warn(UnrecordedPartitions.Change change) {
    if (change.isRemoval() && change.partitions().losesRows()) {
      log.warn(
          "{} is no longer a partition of {}; orders that had rows in it are not emitted again",
          change.recordedName(),
          change.partitions().root());
    } else if (!change.isRemoval()) {
      log.warn(
          "{} was added to {} since the installation; TRUNCATE of it is not captured until the installation script is run again",
          change.name(),
          change.partitions().root());
    }
  }

  /** Forgets the schema, since the next connection may reach another server. */
  void forgetSchema() {
    schema = null;
    accepted.clear();
  }
}
