package io.orderflow.source.handover;

import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.offset.ShardOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Plans how one capture continues where the other ended, without capturing all orders again. The
 * stored offsets of both captures remain; each has an epoch, and the capture with the greater epoch
 * ran last.
 */
public final class Handover {

  private Handover() {}

  /**
   * Plans how log capture continues.
   *
   * @param query the stored offsets of query capture
   * @param log the stored offset of log capture; null if there is none
   */
  public static HandoverToLog toLog(
      OrdersSourceConfig config, QueryOffsets query, @Nullable LogOffset log) {
    return new HandoverToLog(config, query, log);
  }

  /**
   * Plans how query capture continues.
   *
   * @param shards of this task
   * @param stored their stored offsets
   * @param log the stored offset of log capture; null if there is none
   */
  public static HandoverToQuery toQuery(
      OrdersSourceConfig config,
      List<Integer> shards,
      Map<Integer, ShardOffset> stored,
      @Nullable LogOffset log) {
    return new HandoverToQuery(config, shards, stored, log);
  }
}
