package io.orderflow.source.query;

import io.orderflow.common.database.Database;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.source.capture.BackgroundStep;
import io.orderflow.source.capture.Capture;
import io.orderflow.source.catalog.FutureChanges;
import io.orderflow.source.catalog.ServerInfo;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.handover.HandoverToQuery;
import io.orderflow.source.metrics.SourceMetrics;
import io.orderflow.source.metrics.SourceMetrics.Phase;
import io.orderflow.source.offset.ShardOffset;
import io.orderflow.source.query.PageQuery.Page;
import io.orderflow.source.read.OrderSnapshotReader;
import io.orderflow.source.read.OrderSnapshotReaders;
import io.orderflow.source.record.EventRecords;
import io.orderflow.source.record.Heartbeats;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.UnusableTablesException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Captures the shards of a task: each poll is one transaction that continues at their offsets. */
public final class QueryCapture implements Capture {

  private final OrdersSourceConfig config;
  private final List<Integer> shards;
  private final HandoverToQuery handover;
  private final BackgroundStep<Map<Integer, ShardOffset>> handingOver =
      new BackgroundStep<>("orderflow-orders-source handover", offsets -> {});
  private final Database database;
  private final OrderSnapshotReaders readers;
  private final EventRecords records;
  private final Heartbeats heartbeats;
  private final SourceMetrics metrics;
  private final Horizon horizon;
  private final LagCounter lag;
  private final PartitionMonitor partitions;
  private final SnapshotProgress progress;

  /** The offset up to which each shard is read. */
  private final Map<Integer, ShardOffset> offsets;

  /** Offsets that no record has carried to Connect yet, and that it must store at once. */
  private final Map<Integer, ShardOffset> unstored = new TreeMap<>();

  private boolean handedOver;

  /** Null until a connection is checked, and again after each failure. */
  private @Nullable ServerInfo server;

  /**
   * Connects to nothing yet.
   *
   * @param shards of this task
   */
  public QueryCapture(
      OrdersSourceConfig config,
      List<Integer> shards,
      HandoverToQuery handover,
      SourceMetrics metrics) {
    this.config = config;
    this.shards = List.copyOf(shards);
    this.handover = handover;
    this.handedOver = !handover.isNeeded();
    this.offsets = new TreeMap<>(handover.resumed());
    this.database =
        Database.open(
            config.queryDatabase(),
            Database.Mode.SNAPSHOT_READ_ONLY,
            "orderflow-orders-source " + config.name(),
            1);
    this.horizon = new Horizon(InstantSource.system(), config.queryDatabase().statementTimeout());
    this.readers = new OrderSnapshotReaders(config.tables(), config.decimals());
    this.records = new EventRecords(config, metrics::markerEmitted);
    this.heartbeats = Heartbeats.ofQuery(config);
    this.metrics = metrics;
    this.lag = new LagCounter(config.tables(), config.shards());
    this.partitions = new PartitionMonitor(config);
    this.progress = new SnapshotProgress(config, metrics.snapshot());
    metrics.phases(List.of(Phase.ORDERS, Phase.ITEMS, Phase.RECORDS));
    metrics.pool("capture", database::use);
    metrics.horizonAge(horizon::ageSeconds);
    metrics.lagOrders(lag::orders);
  }

  @Override
  public Polled poll() throws SQLException, InterruptedException {
    if (!handedOver) {
      return handOver();
    }
    long readAt = System.currentTimeMillis();
    Page page = database.transaction(this::readPage);
    offsets.putAll(page.reached());
    List<SourceRecord> next = toRecords(page);
    metrics.emitted(page.events());
    progress.pageRead(page);
    updateLag(page, readAt);
    return new Polled(next, pace(page));
  }

  /** Stores the new offsets at once, so that the slot can be dropped. */
  private Polled handOver() throws SQLException, InterruptedException {
    Optional<Map<Integer, ShardOffset>> found = handingOver.await(handover::awaitOffsetsAfterLog);
    if (found.isEmpty()) {
      return Polled.pending();
    }
    unstored.putAll(found.get());
    offsets.putAll(unstored);
    handedOver = true;
    return new Polled(unstoredRecords(), Pace.AT_ONCE);
  }

  private Page readPage(Connection connection) throws SQLException {
    OrderSnapshotReader reader = readers.open(connection);
    ServerInfo known = server;
    ServerInfo current = known == null ? checkServer(connection, reader.schema()) : known;
    partitions.check(connection, reader.schema(), offsets.values());
    int perShard = Math.max(1, config.capture().batchMaxOrders() / shards.size());
    PageSql sql = new PageSql(config.tables(), reader.schema(), current, config.shards(), perShard);
    PageQuery query = new PageQuery(sql, offsets, metrics);
    Page page = query.page(reader.read(connection, query), readers.readAt());
    // Pages of the initial snapshot are read without it: a page alone shows most of its duplicates.
    reader.requireUnique(connection, page.changedIds());
    horizon.update(connection);
    countLag(connection, page);
    return page;
  }

  /** Checks the server of a new connection, and starts the shards that have no offset. */
  private ServerInfo checkServer(Connection connection, OrderSchema schema) throws SQLException {
    ServerInfo found = ServerInfo.readServerInfo(connection);
    if (!offsets.isEmpty()) {
      found.requirePrimary();
    }
    require(DatabaseSettings.URL, found.problem());
    for (ShardOffset offset : offsets.values()) {
      require(DatabaseSettings.URL, found.mismatch(config.tables().orders(), offset));
    }
    require(
        TableSettings.CHANGE_XID,
        FutureChanges.find(connection, config.tables(), schema, config.shards()));
    if (offsets.isEmpty()) {
      startMissing(schema, found);
      progress.start(connection, offsets.values());
    } else {
      startMissing(schema, found);
      progress.resume(offsets.values());
    }
    server = found;
    return found;
  }

  private static void require(String key, Optional<String> problem) {
    if (problem.isPresent()) {
      throw new UnusableTablesException(key, problem.get());
    }
  }

  /**
   * Starts the shards that have no offset. Without a snapshot, the start is stored at once, since a
   * restart before the first event would otherwise skip changes.
   */
  private void startMissing(OrderSchema schema, ServerInfo current) {
    boolean fromNow = config.capture().fromNow();
    ShardOffset start =
        fromNow
            ? ShardOffset.startAt(
                schema.ids(), config.shards(), current.system(), current.horizon())
            : ShardOffset.start(schema.ids(), config.shards(), current.system(), current.horizon());
    for (int shard : shards) {
      if (offsets.putIfAbsent(shard, start) == null && fromNow) {
        unstored.put(shard, start);
      }
    }
  }

  private List<SourceRecord> toRecords(Page page) {
    List<SourceRecord> next = unstoredRecords();
    if (!page.events().isEmpty()) {
      long began = System.nanoTime();
      next.addAll(records.of(page.schema(), page.events()));
      metrics.took(Phase.RECORDS, began);
    }
    return next;
  }

  private List<SourceRecord> unstoredRecords() {
    List<SourceRecord> next = new ArrayList<>();
    unstored.forEach((shard, offset) -> next.add(heartbeats.record(shard, offset)));
    unstored.clear();
    return next;
  }

  /** A page that is not full contains all changes, except for those that wait for the horizon. */
  private void countLag(Connection connection, Page page) throws SQLException {
    if (page.more() && progress.isUnderWay()) {
      // The progress says more, and most of the table would have to be counted.
      lag.unknown();
    } else if (page.more() || horizon.ageMillis() > 0) {
      Map<Integer, ShardOffset> reached = new TreeMap<>(offsets);
      reached.putAll(page.reached());
      lag.count(connection, page.schema(), reached);
    } else {
      lag.none();
    }
  }

  private void updateLag(Page page, long readAt) {
    if (page.more()) {
      page.capturedUpTo().ifPresent(metrics::capturedUpTo);
    } else {
      metrics.capturedUpTo(readAt - horizon.ageMillis());
    }
  }

  private static Pace pace(Page page) {
    if (page.more()) {
      return Pace.AT_ONCE;
    }
    return page.events().isEmpty() ? Pace.IDLE : Pace.CAUGHT_UP;
  }

  @Override
  public void disconnect() {
    server = null;
    readers.forgetSchema();
    partitions.forgetSchema();
    lag.unknown();
  }

  /**
   * Does nothing: {@link #close} ends a running page query. A running handover ends by itself
   * within 10 minutes, and changes nothing.
   */
  @Override
  public void stop() {}

  @Override
  public void close() {
    database.close();
    metrics.close();
  }
}
