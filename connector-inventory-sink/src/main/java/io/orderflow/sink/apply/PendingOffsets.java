package io.orderflow.sink.apply;

import io.orderflow.sink.record.Coordinates;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * The offsets of records that are received and not finished: neither committed in the database nor
 * written to the dead-letter queue. Workers finish records in any order; what may be committed in
 * Kafka is the first offset of each partition that is not finished.
 *
 * <p>Adding and finishing a record takes constant time, and {@link #committable} looks at one
 * offset of each partition.
 *
 * <p>Thread safety: the task's thread adds, forgets and asks; the workers finish.
 */
final class PendingOffsets {

  /** Of one partition, in ascending order, since Connect delivers records in that order. */
  private static final class Partition {

    private final LinkedHashSet<Long> offsets = new LinkedHashSet<>();
    private long lastAdded = -1;

    void add(long offset) {
      if (offset <= lastAdded) {
        // Connect has rewound the consumer, and delivers all later records again as well.
        offsets.removeIf(later -> later >= offset);
      }
      offsets.add(offset);
      lastAdded = offset;
    }
  }

  private final Map<TopicPartition, Partition> partitions = new HashMap<>();

  synchronized void add(Collection<SinkRecord> records) {
    for (SinkRecord record : records) {
      Coordinates at = Coordinates.of(record);
      partitions
          .computeIfAbsent(at.topicPartition(), partition -> new Partition())
          .add(at.offset());
    }
  }

  synchronized void finish(Collection<SinkRecord> records) {
    for (SinkRecord record : records) {
      Coordinates at = Coordinates.of(record);
      Partition partition = partitions.get(at.topicPartition());
      if (partition != null) {
        partition.offsets.remove(at.offset());
      }
    }
  }

  /** Forgets partitions that another task continues. */
  synchronized void forget(Collection<TopicPartition> revoked) {
    partitions.keySet().removeAll(revoked);
  }

  /** Whether all records are finished. */
  synchronized boolean isEmpty() {
    return partitions.values().stream().allMatch(partition -> partition.offsets.isEmpty());
  }

  /** The first offset of each partition that is not finished; without partitions that have none. */
  synchronized Map<TopicPartition, Long> firstUnfinished() {
    Map<TopicPartition, Long> first = new HashMap<>();
    partitions.forEach(
        (key, partition) -> {
          if (!partition.offsets.isEmpty()) {
            first.put(key, partition.offsets.iterator().next());
          }
        });
    return first;
  }

  /**
   * The offsets up to which all records are finished.
   *
   * @param current the offsets up to which Connect has delivered records, by partition
   */
  synchronized Map<TopicPartition, OffsetAndMetadata> committable(
      Map<TopicPartition, OffsetAndMetadata> current) {
    Map<TopicPartition, OffsetAndMetadata> committable = new HashMap<>(current);
    committable.replaceAll(
        (key, delivered) -> {
          Partition partition = partitions.get(key);
          if (partition == null || partition.offsets.isEmpty()) {
            return delivered;
          }
          long first = partition.offsets.iterator().next();
          return first < delivered.offset() ? new OffsetAndMetadata(first) : delivered;
        });
    return committable;
  }
}
