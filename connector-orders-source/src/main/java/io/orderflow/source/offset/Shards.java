package io.orderflow.source.offset;

import io.orderflow.common.database.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Shards as source partitions of Connect, assigned to tasks. */
public final class Shards {

  /** More shards would only cost more index scans. */
  public static final int MAX = 1024;

  private static final String TABLE = "table";
  private static final String SHARD = "shard";

  private Shards() {}

  /**
   * The source partition of a shard. It is a plain HashMap, since Connect's stored form depends on
   * the order in which a map lists its keys, and Connect itself makes HashMaps from what it is sent
   * over REST.
   */
  public static Map<String, Object> partition(TableName orders, int shard) {
    Map<String, Object> partition = new HashMap<>();
    partition.put(TABLE, orders.toString());
    partition.put(SHARD, (long) shard);
    return partition;
  }

  /**
   * The shard of a source partition.
   *
   * @throws IllegalArgumentException if it is none of this table
   */
  public static int shardOf(Map<String, ?> partition, TableName orders, int shards) {
    Object shard = partition.get(SHARD);
    if (partition.size() != 2
        || !orders.toString().equals(partition.get(TABLE))
        || !(shard instanceof Long || shard instanceof Integer)) {
      throw new IllegalArgumentException(
          "expected a partition like %s, its shard a number and not text, found %s"
              .formatted(partition(orders, 0), partition));
    }
    long number = ((Number) shard).longValue();
    if (number < 0 || number >= shards) {
      throw new IllegalArgumentException(
          "expected a shard from 0 to %d, found %s".formatted(shards - 1, partition));
    }
    return (int) number;
  }

  /** Assigns shards 0 to {@code shards - 1} to at most {@code tasks} tasks, round-robin. */
  public static List<List<Integer>> assign(int shards, int tasks) {
    List<List<Integer>> assigned = new ArrayList<>();
    for (int task = 0; task < Math.min(shards, tasks); task++) {
      List<Integer> ofTask = new ArrayList<>();
      for (int shard = task; shard < shards; shard += Math.min(shards, tasks)) {
        ofTask.add(shard);
      }
      assigned.add(ofTask);
    }
    return assigned;
  }
}
