package io.orderflow.source.log;

import io.orderflow.common.database.Database;
import io.orderflow.source.catalog.TableFamily;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.handover.HandoverToLog;
import io.orderflow.source.log.change.ChangeResolver;
import io.orderflow.source.log.change.OrderCache;
import io.orderflow.source.log.change.TransactionAssembler;
import io.orderflow.source.log.slot.LogStream;
import io.orderflow.source.log.slot.Publication;
import io.orderflow.source.log.slot.ReplicationConnection;
import io.orderflow.source.log.slot.ReplicationSlot;
import io.orderflow.source.log.snapshot.InitialSnapshot;
import io.orderflow.source.log.snapshot.InitialSnapshot.SnapshotSettings;
import io.orderflow.source.metrics.SourceMetrics;
import io.orderflow.source.metrics.SourceMetrics.Phase;
import io.orderflow.source.offset.CatalogVersion;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.offset.Lsn;
import io.orderflow.source.offset.TransactionSnapshot;
import io.orderflow.source.read.OrderSnapshotReaders;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderIdColumns;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.TableKinds;
import io.orderflow.source.schema.UnusableTablesException;
import io.orderflow.source.validate.LogFindings;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Opens sessions of one slot, each at the offset where the previous one ended. One thread at a time
 * opens; any may close.
 */
final class LogSessionFactory implements AutoCloseable {

  /** The row changes of a larger transaction are not kept; its orders are looked up. */
  private static final long MAX_TRANSACTION_BYTES = 64 << 20;

  /** At a thousand bytes each, some tens of megabytes. */
  private static final int MAX_CACHED_ORDERS = 30_000;

  private final OrdersSourceConfig config;
  private final CapturedTables tables;
  private final HandoverToLog handover;
  private final SlotProvisioner provisioner;
  private final Database database;
  private final Map<String, Object> partition;
  private final SourceMetrics metrics;

  /** Connects to nothing yet. */
  LogSessionFactory(OrdersSourceConfig config, HandoverToLog handover, SourceMetrics metrics) {
    this.config = config;
    this.tables = config.tables();
    this.handover = handover;
    this.provisioner = new SlotProvisioner(config, handover);
    this.partition = LogOffset.partition(tables.orders(), config.log().slot());
    this.metrics = metrics;
    this.database =
        Database.open(config.queryDatabase(), Database.Mode.SNAPSHOT_READ_ONLY, name("look-up"), 1);
    metrics.pool("look-up", database::use);
    metrics.phases(List.of(Phase.LOOK_UP, Phase.RESOLVE, Phase.CHUNK, Phase.RECORDS));
  }

  /** Connect's source partition of the slot. */
  Map<String, Object> partition() {
    return partition;
  }

  /** A session, and the offset at which it starts. */
  record Opened(LogSession session, LogOffset offset) {}

  /**
   * Connects, and creates the slot if capture does not resume from one.
   *
   * @param resumed the offset to resume from; null to start with a new slot
   */
  Opened open(@Nullable LogOffset resumed) throws SQLException {
    LookUps lookUps =
        new LookUps(
            database,
            new OrderSnapshotReaders(this.tables, config.decimals()),
            new WatchLookUps(this.tables));
    BatchResolver.Tables tables = lookUps.lookUpTables().orElseThrow();
    OrderSchema schema = tables.schema();
    LogFindings checks = new LogFindings(config);
    checks.requireIdentities(database, schema);
    provisioner.createMissingPublication(database);
    // Read before the checks: the monitor finds anything that is changed afterwards.
    Publication.State state = database.transaction(provisioner.publication()::readState);
    checks.requireNone(database, schema);
    if (resumed == null) {
      // Before the slot is created as well, which waits for open transactions.
      requireRecordedPartitions(schema.ids());
    }
    LogOffset provided =
        database.transaction(connection -> provisioner.provideSlot(connection, resumed));
    try {
      if (resumed == null) {
        requireRecordedPartitions(schema.ids());
      }
      return open(lookUps, tables, state, provided);
    } catch (UnusableTablesException stopped) {
      if (resumed == null) {
        dropNewSlot(stopped);
      }
      throw stopped;
    }
  }

  /** The slot would keep log that nobody reads. */
  private void dropNewSlot(UnusableTablesException stopped) {
    try {
      database.transaction(
          connection -> {
            ReplicationSlot.drop(connection, config.log().slot());
            return true;
          });
    } catch (SQLException e) {
      stopped.addSuppressed(e);
    }
  }

  private Opened open(
      LookUps lookUps, BatchResolver.Tables tables, Publication.State state, LogOffset provided)
      throws SQLException {
    LogOffset published = provisioner.withMembership(provided, state.membership());
    LogOffset compared =
        database.transaction(connection -> provisioner.withPartitions(connection, published));
    // Read before the stream is open, which would hold the slot if this failed.
    TableKinds kinds =
        compared.snapshotPartitions() == null
            ? null
            : database.transaction(connection -> TableFamily.readKinds(connection, this.tables));
    Started started = start(compared);
    LogReader reader =
        new LogReader(
            started.stream(),
            new PartitionNames(database, this.tables),
            new TransactionAssembler(
                this.tables, tables.schema().ids().names(), MAX_TRANSACTION_BYTES),
            name("reader"));
    try {
      OrderCache cache = cache(started.offset());
      LogSession session =
          new LogSession(
              partition,
              new BatchResolver(
                  lookUps,
                  sinceOffset(tables, started.offset()),
                  this.tables.looksUpEveryOrder()
                      ? ChangeResolver::ofReadOrders
                      : ChangeResolver::ofAllOrders,
                  cache,
                  metrics),
              cache,
              reader,
              new TransactionBatches(
                  reader, config.capture().batchMaxOrders(), started.offset().lsn()),
              new SlotMonitor(
                  database,
                  provisioner.publication(),
                  config.log().slot(),
                  started.stream().pid(),
                  state),
              lookUps,
              new StrayItemsQuery(config.queryDatabase(), this.tables, name("stray items")),
              new CaughtUpProbe(database),
              startSnapshot(started.offset(), kinds),
              config.capture().pollInterval(),
              metrics);
      return new Opened(session, started.offset());
    } catch (RuntimeException | Error failure) {
      reader.close();
      throw failure;
    }
  }

  private void requireRecordedPartitions(OrderIdColumns ids) throws SQLException {
    database.transaction(
        connection -> {
          handover.requireRecordedPartitions(connection, ids);
          return true;
        });
  }

  /** A stream, and the offset at which it starts. */
  private record Started(LogStream stream, LogOffset offset) {}

  private Started start(LogOffset offset) throws SQLException {
    ReplicationConnection connection =
        ReplicationConnection.open(config.queryDatabase(), name("stream"));
    try {
      LogOffset current = provisioner.withTimeline(connection, offset);
      LogStream stream =
          connection.stream(config.log().slot(), config.log().publication(), current.lsn());
      return new Started(stream, current);
    } catch (SQLException | RuntimeException | Error failure) {
      connection.close();
      throw failure;
    }
  }

  /** The tables, whose schema may be the same as before the stream's start. */
  private static BatchResolver.Tables sinceOffset(BatchResolver.Tables tables, LogOffset offset) {
    CatalogVersion before = offset.known().catalog();
    return before != null && before.fingerprint().equals(tables.catalog().fingerprint())
        ? new BatchResolver.Tables(tables.schema(), before)
        : tables;
  }

  private static OrderCache cache(LogOffset offset) {
    OrderCache cache = new OrderCache(MAX_CACHED_ORDERS);
    Lsn noStrayItemsFrom = offset.known().noStrayItemsFrom();
    if (noStrayItemsFrom != null) {
      cache.foundStrayItems(List.of(), noStrayItemsFrom);
    }
    return cache;
  }

  /**
   * Starts the snapshot that an offset is in.
   *
   * @param kinds of the tables; null unless the snapshot is of some partitions only
   */
  private @Nullable InitialSnapshot startSnapshot(LogOffset from, @Nullable TableKinds kinds) {
    String snapshot = from.snapshot();
    if (snapshot == null) {
      return null;
    }
    String partitions = from.snapshotPartitions();
    if (partitions == null) {
      handover.requireSnapshotScope(from);
    }
    int threads = config.log().snapshotMaxThreads();
    return InitialSnapshot.start(
        new SnapshotSettings(
            partitions == null ? handover.snapshotTables(from) : tables,
            config.decimals(),
            threads,
            config.log().snapshotChunkSize(),
            config.backoff(),
            from.snapshotFiles(),
            partitions == null,
            schema ->
                partitions == null
                    ? handover.snapshotCondition(from, schema)
                    : PartitionChanges.condition(
                        tables, Objects.requireNonNull(kinds), schema, partitions)),
        Database.open(
            config.queryDatabase(), Database.Mode.SNAPSHOT_READ_ONLY, name("snapshot"), threads),
        TransactionSnapshot.parse(snapshot),
        from.snapshotReached(),
        connection -> provisioner.requireSameServer(connection, from));
  }

  private String name(String purpose) {
    return "orderflow-orders-source %s %s".formatted(config.name(), purpose);
  }

  @Override
  public void close() {
    provisioner.close();
    database.close();
  }
}
