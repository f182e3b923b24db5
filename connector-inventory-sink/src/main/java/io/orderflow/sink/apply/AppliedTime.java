package io.orderflow.sink.apply;

import io.orderflow.sink.record.Coordinates;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * The time up to which a task has applied its topics, by Kafka's timestamps: the present while it
 * has no record left. After an outage that is in the past for a while. A deadline of that time must
 * not be over before the payment that waits behind it is applied.
 *
 * <p>A task that has just got its partitions, or a record, expects more at once.
 *
 * <p>Thread safety: the task's thread notes deliveries, the sweeper asks.
 */
final class AppliedTime {

  /** How long a task without records left is expected to get more of a backlog. */
  static final Duration QUIET = Duration.ofSeconds(2);

  /** What one call of Connect delivers of one partition; timestamps are those of Kafka. */
  private record Delivery(long lastOffset, long oldestTimestamp) {}

  private final PendingOffsets pending;
  private final InstantSource clock;
  private final Set<String> deadLetters;
  private final Map<TopicPartition, ArrayDeque<Delivery>> deliveries = new HashMap<>();
  private Set<TopicPartition> assigned = Set.of();
  private long lastTimestamp;

  /** When each partition that has a backlog is expected to have delivered some of it. */
  private Instant deliveredFrom = Instant.MAX;

  private Instant quietFrom = Instant.MAX;

  /**
   * Creates an object for a task without partitions.
   *
   * @param pending the records that are not applied
   * @param deadLetters topics that say nothing about the time of others
   */
  AppliedTime(PendingOffsets pending, InstantSource clock, Set<String> deadLetters) {
    this.pending = pending;
    this.clock = clock;
    this.deadLetters = deadLetters;
  }

  /** Notes the task's partitions. */
  synchronized void assigned(Set<TopicPartition> assignment) {
    if (!assigned.equals(assignment)) {
      assigned = Set.copyOf(assignment);
      deliveries.keySet().retainAll(assigned);
      deliveredFrom = clock.instant().plus(QUIET);
      quietFrom = deliveredFrom;
    }
  }

  /** Notes what a call delivers, before any of it can be applied. */
  synchronized void delivered(Collection<SinkRecord> records, Set<TopicPartition> assignment) {
    assigned(assignment);
    Map<TopicPartition, Delivery> added = new HashMap<>();
    for (SinkRecord record : records) {
      Long timestamp = record.timestamp();
      if (timestamp != null && !deadLetters.contains(record.originalTopic())) {
        Coordinates at = Coordinates.of(record);
        added.merge(
            at.topicPartition(),
            new Delivery(at.offset(), timestamp),
            (one, other) ->
                new Delivery(
                    Math.max(one.lastOffset(), other.lastOffset()),
                    Math.min(one.oldestTimestamp(), other.oldestTimestamp())));
      }
    }
    if (!added.isEmpty()) {
      added.forEach(
          (partition, delivery) ->
              deliveries.computeIfAbsent(partition, p -> new ArrayDeque<>()).add(delivery));
      lastTimestamp =
          added.values().stream().mapToLong(Delivery::oldestTimestamp).min().getAsLong();
      quietFrom = clock.instant().plus(QUIET);
    }
  }

  /** The time up to which deadlines are due; empty if this task cannot say. */
  synchronized Optional<Instant> upTo() {
    if (assigned.stream().allMatch(partition -> deadLetters.contains(partition.topic()))) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    if (now.isBefore(deliveredFrom)) {
      return Optional.of(Instant.EPOCH);
    }
    Map<TopicPartition, Long> unfinished = pending.firstUnfinished();
    long oldest = now.isBefore(quietFrom) ? lastTimestamp : Long.MAX_VALUE;
    for (Map.Entry<TopicPartition, ArrayDeque<Delivery>> entry : deliveries.entrySet()) {
      long first = unfinished.getOrDefault(entry.getKey(), Long.MAX_VALUE);
      entry.getValue().removeIf(delivery -> delivery.lastOffset() < first);
      for (Delivery delivery : entry.getValue()) {
        oldest = Math.min(oldest, delivery.oldestTimestamp());
      }
    }
    return Optional.of(oldest < now.toEpochMilli() ? Instant.ofEpochMilli(oldest) : now);
  }
}
