package io.orderflow.source.query;

import io.orderflow.common.database.Database;
import io.orderflow.common.failure.FailureClass;
import io.orderflow.common.failure.RetryTracker;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.source.capture.Capture;
import io.orderflow.source.capture.Pause;
import io.orderflow.source.catalog.ServerInfo;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.handover.ShardTakeover;
import io.orderflow.source.metrics.Phase;
import io.orderflow.source.metrics.SourceMetrics;
import io.orderflow.source.offset.ShardOffset;
import io.orderflow.source.offset.Shards;
import io.orderflow.source.read.UnreadableValueException;
import io.orderflow.source.record.EventRecords;
import io.orderflow.source.record.HeartbeatRecords;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.UnusableTablesException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.utils.ExponentialBackoff;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Captures some shards: each poll is one transaction that reads on from their positions. One thread
 * polls; any may stop it.
 */
public final class QueryCapture implements Capture {

  private static final Logger log = LoggerFactory.getLogger(QueryCapture.class);
  private static final ExponentialBackoff OUTAGE_BACKOFF =
      RetryTracker.backoff(Duration.ofMillis(100), Duration.ofSeconds(5));

  private final OrdersSourceConfig config;
  private final List<Integer> shards;
  private final Database database;
  private final SourceMetrics metrics;
  private final Horizon horizon = new Horizon(InstantSource.system());
  private final LagCounter backlog;
  private final SnapshotProgress load;
  private final ServerCheck serverCheck;
  private final OrderReader reader;
  private final EventRecords records;
  private final HeartbeatRecords heartbeats;
  private final RetryTracker outage;
  private final Pause pause;
  private final Map<Integer, ShardOffset> positions;

  /** Start positions that no record has carried to Connect yet. */
  private final Map<Integer, ShardOffset> begun = new TreeMap<>();

  /** What was told from the log; null where nothing was. */
  private final @Nullable ShardTakeover takeover;

  /** Shards that the log has told last; none once their positions are known. */
  private List<Integer> behind;

  /** Null until a connection has been looked at, and again after each failure. */
  private @Nullable ServerInfo server;

  /**
   * Ready to poll; connects to nothing yet.
   *
   * @param stored positions of those shards that have been captured before
   * @param takeover what was told from the log; null where nothing was
   */
  public QueryCapture(
      OrdersSourceConfig config,
      List<Integer> shards,
      Map<Integer, ShardOffset> stored,
      @Nullable ShardTakeover takeover,
      Database database,
      SourceMetrics metrics) {
    this.config = config;
    this.shards = List.copyOf(shards);
    this.database = database;
    this.metrics = metrics;
    this.backlog = new LagCounter(config.tables(), config.shards());
    this.load = new SnapshotProgress(config, metrics.load());
    this.positions = new TreeMap<>(stored);
    this.takeover = takeover;
    this.behind = takeover == null ? List.of() : takeover.behind(shards, stored);
    positions.keySet().removeAll(behind);
    this.serverCheck = new ServerCheck(config);
    this.reader =
        new OrderReader(
            config.tables(),
            config.decimals(),
            config.shards(),
            Math.max(1, config.capture().batchMaxOrders() / shards.size()),
            metrics);
    this.records = new EventRecords(config.tables(), config.events().topic());
    this.heartbeats = new HeartbeatRecords(config.capture().heartbeatTopic());
    this.outage =
        new RetryTracker(
            log,
            "Capture of " + config.tables().orders(),
            OUTAGE_BACKOFF,
            InstantSource.system(),
            metrics.outages());
    this.pause = new Pause(config.capture().pollInterval());
    metrics.steps(List.of(Phase.ORDERS, Phase.ITEMS, Phase.RECORDS));
    metrics.pool("capture", database::use);
    metrics.horizonAge(horizon::ageSeconds);
    metrics.waiting(backlog::orders);
  }

  @Override
  public @Nullable List<SourceRecord> poll() {
    if (!pause.passed()) {
      return null;
    }
    try {
      if (takeover != null && !behind.isEmpty()) {
        return takeOver(takeover);
      }
      long now = System.currentTimeMillis();
      Page page = database.transaction(this::nextPage);
      outage.succeeded();
      advance(page);
      List<SourceRecord> told = recordsOf(page);
      measure(page, now);
      return told;
    } catch (SQLException e) {
      return failed(e);
    } catch (UnusableTablesException e) {
      throw new ConnectException(e.key() + ": " + e.getMessage(), e);
    } catch (UnreadableValueException e) {
      throw new ConnectException(config.tables().orders() + ": " + e.getMessage(), e);
    }
  }

  private @Nullable List<SourceRecord> recordsOf(Page page) {
    List<SourceRecord> told = new ArrayList<>();
    begun.forEach(
        (shard, position) ->
            told.add(heartbeats.of(Shards.partition(config.tables().orders(), shard), position)));
    begun.clear();
    if (!page.events().isEmpty()) {
      long began = System.nanoTime();
      told.addAll(records.of(page.layout(), page.events()));
      metrics.took(Phase.RECORDS, began);
    }
    return told.isEmpty() ? null : told;
  }

  private void measure(Page page, long readAt) {
    metrics.told(page.events());
    load.read(page);
    if (page.more()) {
      page.committedUpTo().ifPresent(metrics::capturedUpTo);
    } else {
      metrics.capturedUpTo(readAt - horizon.ageMillis());
    }
  }

  /** Stores the new positions at once, so that the slot can be dropped. */
  private List<SourceRecord> takeOver(ShardTakeover from) throws SQLException {
    Map<Integer, ShardOffset> taken = from.of(behind);
    outage.succeeded();
    positions.putAll(taken);
    behind = List.of();
    return taken.entrySet().stream()
        .map(
            entry ->
                heartbeats.of(
                    Shards.partition(config.tables().orders(), entry.getKey()), entry.getValue()))
        .toList();
  }

  private Page nextPage(Connection connection) throws SQLException {
    String form = reader.lock(connection);
    ServerInfo known = server;
    ServerInfo current =
        known == null ? serverCheck.reached(connection, positions.values()) : known;
    OrderSchema layout = reader.layout(connection, current, form);
    if (known == null) {
      serverCheck.changes(connection, layout);
      boolean first = positions.isEmpty();
      startMissing(layout, current);
      load.begin(connection, positions.values(), first);
      server = current;
    }
    Page page = reader.read(connection, positions);
    horizon.look(connection);
    lookBehind(connection, page);
    return page;
  }

  /** A short page has all, but for what waits for the horizon. */
  private void lookBehind(Connection connection, Page page) throws SQLException {
    if (page.more() && load.isUnderWay()) {
      // Its progress says more, and most of the table was to be counted.
      backlog.unknown();
    } else if (page.more() || horizon.ageMillis() > 0) {
      Map<Integer, ShardOffset> reached = new TreeMap<>(positions);
      reached.putAll(page.reached());
      backlog.count(connection, page.layout(), reached);
    } else {
      backlog.none();
    }
  }

  /** A start from now is stored at once: else changes during an outage would be before it. */
  private void startMissing(OrderSchema layout, ServerInfo current) {
    boolean fromNow = config.capture().fromNow();
    ShardOffset start =
        fromNow
            ? ShardOffset.startAt(
                layout.idType(), config.shards(), current.system(), current.horizon())
            : ShardOffset.start(
                layout.idType(), config.shards(), current.system(), current.horizon());
    for (int shard : shards) {
      if (positions.putIfAbsent(shard, start) == null && fromNow) {
        begun.put(shard, start);
      }
    }
  }

  private void advance(Page page) {
    positions.putAll(page.reached());
    if (page.more()) {
      pause.none();
    } else if (page.events().isEmpty()) {
      pause.longer();
    } else {
      pause.brief();
    }
  }

  private @Nullable List<SourceRecord> failed(SQLException failure) {
    if (pause.isOver()) {
      log.debug("Stopped while reading", failure);
      return null;
    }
    if (SqlFailures.classify(failure) != FailureClass.TRANSIENT) {
      throw new ConnectException(
          "Capture of %s cannot go on: %s"
              .formatted(config.tables().orders(), failure.getMessage()),
          failure);
    }
    // The next connection may be to another server.
    server = null;
    reader.forget();
    backlog.unknown();
    pause.of(outage.failed(failure));
    return null;
  }

  /** Ends a wait at once; a transaction at work ends with the pool. */
  @Override
  public void stop() {
    pause.end();
  }

  @Override
  public void close() {
    stop();
    database.close();
    metrics.close();
  }
}
