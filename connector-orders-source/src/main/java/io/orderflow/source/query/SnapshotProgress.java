package io.orderflow.source.query;

import io.orderflow.source.catalog.RowEstimate;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.event.OrderEvent;
import io.orderflow.source.metrics.Progress;
import io.orderflow.source.offset.ShardOffset;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;

/**
 * How far the initial load of a task's shards is: what was told, of what the statistics say there
 * is. A load that goes on after a restart does not know what was told before.
 */
final class SnapshotProgress {

  private final OrdersSourceConfig config;
  private final Progress progress;

  private double estimate = Double.NaN;
  private long told;
  private boolean over;
  private boolean begun;

  SnapshotProgress(OrdersSourceConfig config, Progress progress) {
    this.config = config;
    this.progress = progress;
  }

  /**
   * The positions are known.
   *
   * @param first whether none was stored
   */
  void begin(Connection connection, Collection<ShardOffset> positions, boolean first)
      throws SQLException {
    if (begun) {
      return;
    }
    begun = true;
    if (positions.stream().noneMatch(position -> position.xid() < position.loadUntil())) {
      done();
    } else if (first) {
      long rows = RowEstimate.of(connection, config.tables().orders());
      estimate = rows > 0 ? (double) rows * positions.size() / config.shards() : Double.NaN;
    }
  }

  /** Whether some orders that were there at first are still to be told, as far as is known. */
  boolean isUnderWay() {
    return !over;
  }

  void read(Page page) {
    if (over) {
      return;
    }
    for (OrderEvent event : page.events()) {
      told += event.kind() == OrderEvent.Kind.SNAPSHOT ? 1 : 0;
    }
    if (page.more()) {
      progress.reached(told / estimate);
    } else {
      done();
    }
  }

  private void done() {
    over = true;
    progress.done();
  }
}
