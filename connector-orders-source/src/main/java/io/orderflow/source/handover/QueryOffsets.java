package io.orderflow.source.handover;

import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.offset.ShardOffset;
import io.orderflow.source.schema.UnusableTablesException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What capture by queries has told, from which capture from the log takes over.
 *
 * @param shards how many there are
 * @param positions of those shards that have one
 */
public record QueryOffsets(int shards, Map<Integer, ShardOffset> positions) {

  private static final String CAPTURE = "capture";

  public QueryOffsets {
    positions = Map.copyOf(positions);
  }

  /** Of the capture by queries that told last; -1 where there was none. */
  public long turn() {
    return positions.values().stream().mapToLong(ShardOffset::turn).max().orElse(-1);
  }

  /** Whether a capture by queries told last. */
  public boolean isAfter(@Nullable LogOffset log) {
    return turn() > (log == null ? -1 : log.turn());
  }

  /**
   * Checks that the capture from the log can go on where these stand.
   *
   * @param system identifier of the cluster that was reached
   * @param lsn where its log stands
   * @param versionsAreOurs whether versions are transaction IDs and places of the log
   * @throws UnusableTablesException when it would lose or repeat something
   */
  public void requireEndBefore(String system, long lsn, boolean versionsAreOurs) {
    requireWhole();
    for (ShardOffset position : positions.values()) {
      if (!position.system().equals(system)) {
        throw new UnusableTablesException(
            "database.url",
            "expected the database cluster %s, of which the stored offsets of capture=query speak, found %s; to capture all orders anew, stop the connector and reset its offsets (DELETE /connectors/NAME/offsets)"
                .formatted(position.system(), system));
      }
    }
    long version = positions.values().stream().mapToLong(ShardOffset::version).max().orElse(0);
    if (versionsAreOurs && lsn <= version + 1) {
      throw new UnusableTablesException(
          "version.column",
          "expected the log, whose places are the versions now, to be past the last version %d of capture=query, found it at %d; go on with capture=query and switch later, or set version.column in both"
              .formatted(version, lsn));
    }
  }

  /**
   * Checks that all shards tell of one and the same capture.
   *
   * @throws UnusableTablesException when some were not taken over by it yet
   */
  public void requireWhole() {
    for (ShardOffset position : positions.values()) {
      if (position.shards() != shards) {
        throw new UnusableTablesException(
            "capture.shards",
            "expected %d, with which the stored offsets of capture=query were made, found %d; set it back"
                .formatted(position.shards(), shards));
      }
    }
    long turn = turn();
    // Shards of the first turn have no position until an order is told of them.
    List<Integer> behind =
        IntStream.range(0, shards).filter(shard -> isBehind(shard, turn)).boxed().toList();
    if (!behind.isEmpty()) {
      throw new UnusableTablesException(
          CAPTURE,
          "expected the stored offsets of all %d shards to have \"epoch\" %d, found that capture=query has not taken over the shards %s; set capture=query until GET /connectors/NAME/offsets shows them"
              .formatted(shards, turn, behind));
    }
  }

  private boolean isBehind(int shard, long turn) {
    ShardOffset position = positions.get(shard);
    return position == null ? turn > 0 : position.turn() < turn;
  }
}
