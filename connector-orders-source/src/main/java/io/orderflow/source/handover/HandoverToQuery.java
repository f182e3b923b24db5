package io.orderflow.source.handover;

import io.orderflow.common.database.TableName;
import io.orderflow.source.catalog.AttachedPartitions;
import io.orderflow.source.catalog.SchemaReader;
import io.orderflow.source.catalog.ServerInfo;
import io.orderflow.source.config.CaptureSettings;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.log.slot.Publication;
import io.orderflow.source.log.slot.SlotCheck;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.offset.ShardOffset;
import io.orderflow.source.offset.ShardOffset.HandoverMark;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.UnusableTablesException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Continues query capture: each shard from its own offset, or from the offset of log capture if
 * that ran last.
 */
public final class HandoverToQuery {

  private static final String CONNECTION_NAME = "orderflow-orders-source handover";

  private final OrdersSourceConfig config;
  private final Map<Integer, ShardOffset> resumed;
  private final List<Integer> behindLog;
  private final @Nullable LogOffset log;

  HandoverToQuery(
      OrdersSourceConfig config,
      List<Integer> shards,
      Map<Integer, ShardOffset> stored,
      @Nullable LogOffset log) {
    this.config = config;
    this.log = log;
    resumed = new TreeMap<>(stored);
    if (log == null) {
      behindLog = List.of();
    } else {
      resumed.values().removeIf(offset -> offset.handover().epoch() < log.epoch());
      behindLog = shards.stream().filter(shard -> !resumed.containsKey(shard)).toList();
    }
  }

  /** The offsets of the shards that resume from their own offset. */
  public Map<Integer, ShardOffset> resumed() {
    return resumed;
  }

  /** Whether some shards continue from the offset of log capture. */
  public boolean isNeeded() {
    return !behindLog.isEmpty();
  }

  /**
   * The offsets from which the other shards continue after log capture. Creates a temporary slot,
   * which waits for all transactions that are writing, up to 10 minutes.
   *
   * @throws UnusableTablesException if events would be lost or repeated
   */
  public Map<Integer, ShardOffset> awaitOffsetsAfterLog() throws SQLException {
    LogOffset last = log;
    if (last == null) {
      return Map.of();
    }
    requireWholeTransactions(last);
    ShardOffset offset;
    try (Connection connection = config.queryDatabase().connect(CONNECTION_NAME)) {
      ServerInfo server = ServerInfo.readServerInfo(connection);
      server.requirePrimary();
      new SlotCheck(config.tables().orders(), config.log().slot())
          .requireResumable(connection, server.system(), last);
      requireKnownPartitions(connection, last);
      OrderSchema schema = new SchemaReader(config.tables(), config.decimals()).load(connection);
      EmittedTransactions emitted = awaitEmittedTransactions(last);
      offset =
          ShardOffset.startAfterLog(
              emitted.snapshot(),
              schema.ids(),
              config.shards(),
              server.system(),
              new HandoverMark(
                  last.epoch() + 1,
                  emitted.lsn().value() - emitted.snapshot().xmin() + 1,
                  emitted.snapshot().toString()));
    }
    Map<Integer, ShardOffset> offsets = new TreeMap<>();
    behindLog.forEach(shard -> offsets.put(shard, offset));
    return offsets;
  }

  /**
   * The log does not contain that a partition was attached or removed, so that no transaction of it
   * would be emitted. The record of an installation that came later would have the partition.
   */
  private void requireKnownPartitions(Connection connection, LogOffset last) throws SQLException {
    String stored = last.partitions();
    if (stored == null) {
      return;
    }
    AttachedPartitions before = AttachedPartitions.parse(stored);
    AttachedPartitions current = AttachedPartitions.readPartitions(connection, config.tables());
    Set<Long> unknown =
        new TreeSet<>(AttachedPartitions.readThoseWithOldRows(connection, current.without(before)));
    if (!config.log().ignoresPartitionRemoval()) {
      unknown.addAll(before.without(current));
    }
    if (!unknown.isEmpty()) {
      throw new UnusableTablesException(
          CaptureSettings.CAPTURE,
          "partitions of %2$s were attached with rows, or removed, since capture=log has compared them: %1$s. Set capture=log again, until it runs and its offset has no \"snapshot\", and change the capture then"
              .formatted(
                  AttachedPartitions.readNames(connection, unknown),
                  config.tables().all().stream()
                      .map(TableName::toString)
                      .collect(Collectors.joining(" or "))));
    }
  }

  private EmittedTransactions awaitEmittedTransactions(LogOffset last) throws SQLException {
    return EmittedTransactions.awaitBefore(
        last.lsn(),
        config.queryDatabase(),
        new Publication(config.log().publication(), config.tables()),
        config.log().slot(),
        CONNECTION_NAME);
  }

  private static void requireWholeTransactions(LogOffset last) {
    if (last.isInSnapshot()) {
      throw new UnusableTablesException(
          CaptureSettings.CAPTURE,
          "capture=log is still in its initial snapshot; set capture=log until its offset has no \"snapshot\", and change the capture then");
    }
    if (!last.isAtTransactionBoundary()) {
      throw new UnusableTablesException(
          CaptureSettings.CAPTURE,
          "capture=log has emitted part of a database transaction; set capture=log until its offset has \"emitted_in_transaction\" 0, and change the capture then");
    }
  }
}
