package io.orderflow.source.query;

import io.orderflow.source.catalog.RowEstimate;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.event.EmittedEvent;
import io.orderflow.source.event.OrderEvent;
import io.orderflow.source.metrics.Progress;
import io.orderflow.source.offset.ShardOffset;
import io.orderflow.source.query.PageQuery.Page;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;

/**
 * The progress of the initial snapshot of a task's shards: the orders that were emitted, as a share
 * of the number that statistics estimate. A snapshot that is resumed does not know how many were
 * emitted before.
 */
final class SnapshotProgress {

  private final OrdersSourceConfig config;
  private final Progress progress;

  private double estimatedOrders = Double.NaN;
  private long emitted;
  private boolean complete;
  private boolean started;

  SnapshotProgress(OrdersSourceConfig config, Progress progress) {
    this.config = config;
    this.progress = progress;
  }

  /** Starts for a capture that resumes from stored offsets. */
  void resume(Collection<ShardOffset> offsets) {
    if (!started) {
      started = true;
      completeUnlessAny(offsets);
    }
  }

  /** Starts for a capture without stored offsets. */
  void start(Connection connection, Collection<ShardOffset> offsets) throws SQLException {
    if (started) {
      return;
    }
    resume(offsets);
    if (!complete) {
      long rows = RowEstimate.readRowEstimate(connection, config.tables().orders());
      estimatedOrders = rows > 0 ? (double) rows * offsets.size() / config.shards() : Double.NaN;
    }
  }

  private void completeUnlessAny(Collection<ShardOffset> offsets) {
    if (offsets.stream().noneMatch(ShardOffset::isInSnapshot)) {
      complete();
    }
  }

  /** Whether orders that existed when capture began may not be emitted yet. */
  boolean isUnderWay() {
    return !complete;
  }

  void pageRead(Page page) {
    if (complete) {
      return;
    }
    for (EmittedEvent event : page.events()) {
      emitted += event.event().kind() == OrderEvent.Kind.SNAPSHOT ? 1 : 0;
    }
    if (page.more()) {
      progress.reached(emitted / estimatedOrders);
    } else {
      complete();
    }
  }

  private void complete() {
    complete = true;
    progress.complete();
  }
}
