package io.orderflow.source.handover;

import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.database.Identifiers;
import io.orderflow.source.catalog.TableFamily;
import io.orderflow.source.catalog.UnrecordedPartitions;
import io.orderflow.source.config.CaptureSettings;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.offset.Lsn;
import io.orderflow.source.offset.ShardOffset;
import io.orderflow.source.read.RowCondition;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderIdColumns;
import io.orderflow.source.schema.OrderIdText;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.UnusableTablesException;
import io.orderflow.source.sql.InstallSql;
import io.orderflow.source.sql.ShardSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Continues log capture: from its own offset, or from those of query capture if that ran last. */
public final class HandoverToLog {

  private final OrdersSourceConfig config;
  private final QueryOffsets query;
  private final @Nullable LogOffset stored;

  HandoverToLog(OrdersSourceConfig config, QueryOffsets query, @Nullable LogOffset stored) {
    this.config = config;
    this.query = query;
    this.stored = stored;
  }

  /** The offset at which log capture resumes; null if it starts with a new slot. */
  public @Nullable LogOffset resumed() {
    return stored == null || query.epoch() > stored.epoch() ? null : stored;
  }

  /**
   * Whether the first offset must be stored at once. Otherwise a capture that starts again before
   * the first event would begin with another slot, and skip what was changed before: all of it if
   * existing orders are not captured, and deletions of orders that query capture has emitted.
   */
  public boolean mustStoreStart() {
    return resumed() == null && (config.capture().fromNow() || followsQuery());
  }

  /** The epoch of a new slot. */
  public long nextEpoch() {
    return query.epoch() + 1;
  }

  /** Whether query capture has emitted before. */
  public boolean followsQuery() {
    return query.epoch() != QueryOffsets.NO_EPOCH;
  }

  /**
   * Checks that a new slot can continue where query capture ended.
   *
   * @param system identifier of the cluster that was reached
   * @param lsn the end of its log
   * @throws UnusableTablesException if events would be lost or repeated
   */
  public void requireQueryEndedBefore(String system, Lsn lsn) {
    query.requireOneEpoch();
    for (ShardOffset offset : query.offsets().values()) {
      if (!offset.system().equals(system)) {
        throw new UnusableTablesException(
            DatabaseSettings.URL,
            "this is the database cluster %s, but the stored offsets of capture=query are of cluster %s; to capture all orders again, stop the connector and reset its offsets (DELETE /connectors/NAME/offsets)"
                .formatted(system, offset.system()));
      }
    }
    boolean versionsAreLsns = config.tables().version() == null;
    if (versionsAreLsns && lsn.value() <= query.maxVersion() + 1) {
      throw new UnusableTablesException(
          TableSettings.VERSION_COLUMN,
          "the log's position %d, which is the version of the next change, is not past the last version %d of capture=query; continue with capture=query and change later, or set version.column in both"
              .formatted(lsn.value(), query.maxVersion()));
    }
  }

  /**
   * Checks that query capture knows the partitions: an initial snapshot after it only reads orders
   * whose rows have changed, and those of an attached partition have not. Must hold after the
   * creation of the slot, which lists the partitions from which log capture starts.
   *
   * @throws UnusableTablesException if partitions were attached with rows, or removed, which query
   *     capture has not recorded
   */
  public void requireRecordedPartitions(Connection connection, OrderIdColumns ids)
      throws SQLException {
    if (!followsQuery()) {
      return;
    }
    CapturedTables tables = config.tables();
    InstallSql sql =
        new InstallSql(
            tables, TableFamily.readKinds(connection, tables), ids, config.shards(), config.name());
    UnrecordedPartitions unrecorded =
        new UnrecordedPartitions(sql, config.log().ignoresPartitionRemoval());
    for (UnrecordedPartitions.Change change : unrecorded.read(connection)) {
      unrecorded.requireSeen(connection, change, query.captureBegan());
    }
  }

  /** The tables as the initial snapshot reads them. */
  public CapturedTables snapshotTables(LogOffset from) {
    return from.epoch() == 0 ? config.tables() : config.tables().forLogAfterQuery();
  }

  /**
   * Checks that the offsets exist that say which orders the initial snapshot has to read.
   *
   * @throws UnusableTablesException if the offsets of the previous query capture are missing
   */
  public void requireSnapshotScope(LogOffset from) {
    if (from.epoch() == 0) {
      return;
    }
    if (query.epoch() != from.epoch() - 1) {
      throw new UnusableTablesException(
          CaptureSettings.CAPTURE,
          "the shards' stored offsets, which say what the initial snapshot has to read, %s, not \"epoch\" %d; stop the connector and reset all its offsets (DELETE /connectors/NAME/offsets): then all orders are captured again"
              .formatted(
                  followsQuery() ? "have \"epoch\" " + query.epoch() : "are missing",
                  from.epoch() - 1));
    }
    query.requireOneEpoch();
  }

  /**
   * The orders that the initial snapshot has to read: all, or those that query capture has not
   * emitted, with a change after the offset of their shard.
   */
  public RowCondition snapshotCondition(LogOffset from, OrderSchema schema) {
    if (from.epoch() == 0) {
      return RowCondition.NONE;
    }
    OrderIdColumns columns = schema.ids();
    String least = ShardOffset.minOrderId(columns);
    List<@Nullable String> xids = new ArrayList<>(query.shards());
    List<List<@Nullable String>> ids = new ArrayList<>();
    columns.names().forEach(column -> ids.add(new ArrayList<>(query.shards())));
    List<@Nullable String> emitted = new ArrayList<>(query.shards());
    for (int shard = 0; shard < query.shards(); shard++) {
      ShardOffset offset = query.offsets().get(shard);
      xids.add(offset == null ? "0" : Long.toString(offset.xid()));
      List<String> parts =
          OrderIdText.split(offset == null ? least : offset.orderId(), columns.count());
      for (int part = 0; part < parts.size(); part++) {
        ids.get(part).add(parts.get(part));
      }
      emitted.add(offset == null ? null : offset.emittedSnapshot());
    }
    List<List<@Nullable String>> arrays = new ArrayList<>(List.of(xids));
    arrays.addAll(ids);
    arrays.add(emitted);
    return new RowCondition(notEmittedSql(schema), arrays);
  }

  private String notEmittedSql(OrderSchema schema) {
    String shard = ShardSql.shard(schema.ids(), query.shards());
    // Arrays are indexed from 1.
    return """
        (%1$s, %2$s) > ((?::text[]::xid8[])[%3$s + 1], %4$s)
          AND NOT coalesce(pg_visible_in_snapshot(%1$s, (?::text[]::pg_snapshot[])[%3$s + 1]), false)"""
        .formatted(
            Identifiers.quote(schema.changeXid()),
            ShardSql.ordered(schema.ids()),
            shard,
            ShardSql.comparable(
                schema.ids(),
                Collections.nCopies(schema.ids().count(), "(?::text[])[%s + 1]".formatted(shard))));
  }
}
