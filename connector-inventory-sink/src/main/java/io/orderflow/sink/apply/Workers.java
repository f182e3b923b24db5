package io.orderflow.sink.apply;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * The lanes of a task. All that concerns one order goes through one of them, and so stays in its
 * order. For the task's thread.
 */
final class Workers implements AutoCloseable {

  /** For all lanes together: Connect gives a task five seconds. */
  private static final Duration FAREWELL = Duration.ofSeconds(3);

  private final List<Worker> lanes;

  Workers(List<Worker> lanes) {
    this.lanes = List.copyOf(lanes);
  }

  /** Adds a record to the lane of its order; false if there was no room until the deadline. */
  boolean add(ParsedRecord reading, long deadline) throws InterruptedException {
    return of(reading).backlog().add(reading, deadline);
  }

  private Worker of(ParsedRecord reading) {
    if (lanes.size() == 1 || reading.updates().isEmpty()) {
      return lanes.get(0);
    }
    // Spread: the hash of a whole number is the number, and its residue often the partition's.
    int hash = reading.updates().get(0).orderId().hashCode() * 0x9E3779B9;
    return lanes.get(Math.floorMod(hash >>> 16, lanes.size()));
  }

  /**
   * @throws ConnectException that has ended one of the lanes
   */
  void check() {
    for (Worker lane : lanes) {
      lane.failure()
          .ifPresent(
              failure -> {
                throw failure;
              });
    }
  }

  /** What the lanes have refused since the last call. */
  List<BadRecord> refused() {
    return lanes.stream().flatMap(lane -> lane.backlog().refused().stream()).toList();
  }

  void earliest(Map<TopicPartition, Long> offsets) {
    lanes.forEach(lane -> lane.backlog().earliest(offsets));
  }

  void forget(Collection<TopicPartition> partitions) {
    lanes.forEach(lane -> lane.backlog().forget(partitions));
  }

  boolean areEmpty() {
    return lanes.stream().allMatch(lane -> lane.backlog().isEmpty());
  }

  /** Ends the lanes; transactions that go on for longer are cut off with their connections. */
  @Override
  public void close() {
    lanes.forEach(Worker::end);
    long deadline = System.nanoTime() + FAREWELL.toNanos();
    lanes.forEach(lane -> lane.awaitEnd(deadline));
  }
}
