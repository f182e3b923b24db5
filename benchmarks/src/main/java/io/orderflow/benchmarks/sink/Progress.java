package io.orderflow.benchmarks.sink;

import io.orderflow.benchmarks.measure.CpuTime;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * Follows a consumer group by its committed offsets, which all contestants have, on first passes
 * and on replays alike. Workers commit every 100 ms, programs after each transaction; a look costs
 * the broker less than a millisecond.
 */
final class Progress {

  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Duration PATIENCE = Duration.ofMinutes(15);
  private static final int LOOKS_PER_STATUS = 40;

  private final Admin admin;
  private final long postgres;

  /**
   * @param postgres the process ID of the server
   */
  Progress(Admin admin, long postgres) {
    this.admin = admin;
    this.postgres = postgres;
  }

  private record Look(long nanos, long committed, Duration consumerCpu, Duration postgresCpu) {

    Pass until(Look end) {
      return new Pass(
          end.committed - committed,
          Duration.ofNanos(end.nanos - nanos),
          end.consumerCpu.minus(consumerCpu),
          end.postgresCpu.minus(postgresCpu));
    }
  }

  /**
   * Returns once all records are committed. What is measured begins with the first look that finds
   * something committed, so that no start of a connector is in it; or, where that look finds more
   * than half of all, with the look before.
   *
   * @throws IllegalStateException if the contestant fails, or does not end in time
   */
  Pass follow(Running running, long records) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    @Nullable Look before = null;
    @Nullable Look first = null;
    for (int looks = 0; ; looks++) {
      long committed = committed(running.group());
      if (first == null) {
        Look look = look(running, committed);
        if (committed > 0) {
          first = committed > records / 2 ? Objects.requireNonNullElse(before, look) : look;
        }
        before = look;
      }
      if (first != null && committed >= records) {
        return first.until(look(running, committed));
      }
      if (looks % LOOKS_PER_STATUS == LOOKS_PER_STATUS - 1) {
        running.failIfEnded();
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "%s has committed %d of %d records in %s"
                .formatted(running.group(), committed, records, PATIENCE));
      }
      Thread.sleep(PAUSE.toMillis());
    }
  }

  private Look look(Running running, long committed) {
    return new Look(
        System.nanoTime(), committed, CpuTime.ofTree(running.pid()), CpuTime.ofTree(postgres));
  }

  /** Over all partitions; 0 while there is no such group. */
  private long committed(String group) throws InterruptedException {
    try {
      return admin
          .listConsumerGroupOffsets(group)
          .partitionsToOffsetAndMetadata()
          .get()
          .values()
          .stream()
          .filter(Objects::nonNull)
          .mapToLong(offset -> offset.offset())
          .sum();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof org.apache.kafka.common.errors.GroupIdNotFoundException) {
        return 0;
      }
      throw new IllegalStateException("Could not read the offsets of " + group, e);
    }
  }
}
