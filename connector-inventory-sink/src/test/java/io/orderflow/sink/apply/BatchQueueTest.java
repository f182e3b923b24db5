package io.orderflow.sink.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class BatchQueueTest {

  private final BatchQueue backlog = new BatchQueue(new BatchLimits(3, 1_000, Duration.ZERO));

  @Test
  void batchesKeepTheOrderAndHaveNoMoreRecordsThanTheyMay() throws InterruptedException {
    // Given
    add(0, 1, 2);

    // When
    List<Long> first = take();
    add(3, 4);
    backlog.finish(List.of());
    List<Long> second = take();

    // Then
    assertEquals(List.of(0L, 1L, 2L), first);
    assertEquals(List.of(3L, 4L), second);
  }

  @Test
  void batchHasNoMoreBytesThanItMay() throws InterruptedException {
    // Given
    assertTrue(backlog.add(ParsedRecords.at(0, 500), now()));
    assertTrue(backlog.add(ParsedRecords.at(1, 500), now()));
    assertFalse(backlog.add(ParsedRecords.at(2, 500), now()));

    // When
    List<Long> first = take();
    assertTrue(backlog.add(ParsedRecords.at(2, 500), now()));
    backlog.finish(List.of());

    // Then
    assertEquals(List.of(0L, 1L), first);
    assertEquals(List.of(2L), take());
  }

  @Test
  void hugeRecordIsABatchOfItsOwn() throws InterruptedException {
    // Given
    add(0);
    assertTrue(backlog.add(ParsedRecords.at(1, 1_000_000), now()));
    assertFalse(backlog.add(ParsedRecords.at(2, 1), now()), "no room beside a huge record");

    // When
    List<Long> first = take();
    backlog.finish(List.of());
    List<Long> second = take();
    backlog.finish(List.of());
    add(2);

    // Then
    assertEquals(List.of(0L), first);
    assertEquals(List.of(1L), second);
    assertEquals(List.of(2L), take());
  }

  @Test
  void oneBatchWaitsAndMoreHaveNoRoomUntilItIsTaken() throws InterruptedException {
    // Given
    add(0, 1, 2);

    // When
    long began = System.nanoTime();
    boolean full = backlog.add(ParsedRecords.at(3, 1), began + TimeUnit.MILLISECONDS.toNanos(50));
    long waited = System.nanoTime() - began;
    take();

    // Then
    assertFalse(full);
    assertTrue(waited >= TimeUnit.MILLISECONDS.toNanos(50));
    assertTrue(backlog.add(ParsedRecords.at(3, 1), now()));
  }

  @Test
  void whoWaitsForRoomGoesOnAsSoonAsThereIsSome() throws InterruptedException {
    // Given
    add(0, 1, 2);
    CompletableFuture<Boolean> added =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return backlog.add(ParsedRecords.at(3, 1), now() + TimeUnit.SECONDS.toNanos(20));
              } catch (InterruptedException e) {
                return false;
              }
            });

    // When
    take();

    // Then
    assertTrue(added.join());
  }

  @Test
  void nobodyWaitsForRoomOnceNothingIsTakenAnyMore() throws InterruptedException {
    // Given
    add(0, 1, 2);

    // When
    backlog.close();

    // Then
    assertFalse(backlog.add(ParsedRecords.at(3, 1), now() + TimeUnit.HOURS.toNanos(1)));
  }

  @Test
  void batchThatIsNotFullWaitsForMoreButNoLongerThanItMay() throws InterruptedException {
    // Given
    BatchQueue lingering = new BatchQueue(new BatchLimits(3, 1_000, Duration.ofMillis(60)));
    long began = System.nanoTime();

    // When
    assertTrue(lingering.add(ParsedRecords.at(0, 1), began));
    List<Long> lone = ParsedRecords.offsets(lingering.take());
    long lingered = System.nanoTime() - began;

    // Then
    assertEquals(List.of(0L), lone);
    assertTrue(lingered >= TimeUnit.MILLISECONDS.toNanos(60), lingered + " ns");
  }

  @Test
  void fullBatchDoesNotWait() throws InterruptedException {
    // Given
    BatchQueue lingering = new BatchQueue(new BatchLimits(3, 1_000, Duration.ofHours(1)));

    // When
    for (long offset = 0; offset < 3; offset++) {
      assertTrue(lingering.add(ParsedRecords.at(offset, 1), now()));
    }

    // Then: no matter whether it is records or bytes that fill it
    assertEquals(List.of(0L, 1L, 2L), ParsedRecords.offsets(lingering.take()));
    lingering.finish(List.of());
    assertTrue(lingering.add(ParsedRecords.at(3, 1_000), now()));
    assertEquals(List.of(3L), ParsedRecords.offsets(lingering.take()));
  }

  @Test
  void earliestOffsetCountsWhatWaitsWhatIsUnderWayAndWhatIsToBeReported()
      throws InterruptedException {
    // Given: one refused, two under way, one that waits, in a partition each
    ParsedRecord[] readings = new ParsedRecord[5];
    for (int i = 0; i < 5; i++) {
      readings[i] = ParsedRecords.of(i == 4 ? 1 : i, 10 + i, 1);
    }
    assertTrue(backlog.add(readings[0], now()));
    take();
    backlog.finish(List.of(ParsedRecords.bad(0, 10)));
    for (int i = 1; i < 4; i++) {
      assertTrue(backlog.add(readings[i], now()));
    }
    take();
    assertTrue(backlog.add(readings[4], now()));

    // Then: partition 1 has one under way and one that waits
    assertEquals(Map.of(0, 10L, 1, 11L, 2, 12L, 3, 13L), earliest());

    // When
    List<BadRecord> refused = backlog.refused();
    backlog.finish(List.of());

    // Then
    assertEquals(1, refused.size());
    assertEquals(Map.of(1, 14L), earliest());
  }

  @Test
  void revokedPartitionsAreForgottenAndTheirRoomIsFree() throws InterruptedException {
    // Given
    for (long offset = 0; offset < 3; offset++) {
      assertTrue(backlog.add(ParsedRecords.of((int) offset % 2, offset, 499), now()));
    }
    assertFalse(backlog.add(ParsedRecords.of(0, 3, 499), now()));

    // When
    backlog.forget(List.of(ParsedRecords.partition(0)));

    // Then
    assertEquals(Map.of(1, 1L), earliest());
    assertTrue(backlog.add(ParsedRecords.of(1, 7, 1), now()));
    assertEquals(List.of(1L, 7L), take());
  }

  @Test
  void batchWhoseRecordsAreAllRevokedWhileItWaitsForMoreIsNoBatch() throws InterruptedException {
    // Given
    BatchQueue lingering = new BatchQueue(new BatchLimits(3, 1_000, Duration.ofMillis(500)));
    BlockingQueue<List<Long>> taken = new LinkedBlockingQueue<>();
    Thread lane =
        new Thread(
            () -> {
              try {
                taken.add(ParsedRecords.offsets(lingering.take()));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    assertTrue(lingering.add(ParsedRecords.of(0, 7, 1), now()));
    lane.start();
    awaitState(lane, state -> state == Thread.State.TIMED_WAITING);

    // When
    lingering.forget(List.of(ParsedRecords.partition(0)));
    awaitState(lane, state -> state == Thread.State.WAITING || state == Thread.State.TERMINATED);
    assertTrue(lingering.add(ParsedRecords.of(1, 8, 1), now()));

    // Then
    assertEquals(List.of(8L), taken.take());
  }

  private static void awaitState(Thread thread, Predicate<Thread.State> condition) {
    while (!condition.test(thread.getState())) {
      Thread.onSpinWait();
    }
  }

  @Test
  void isEmptyOnlyWhenAllThatWasRefusedIsKnown() throws InterruptedException {
    // Given
    add(0);
    take();
    backlog.finish(List.of(ParsedRecords.bad(0, 0)));

    // Then
    assertFalse(backlog.isEmpty());
    assertEquals(1, backlog.refused().size());
    assertTrue(backlog.isEmpty());
  }

  private void add(long... offsets) {
    LongStream.of(offsets)
        .forEach(
            offset -> {
              try {
                assertTrue(backlog.add(ParsedRecords.at(offset, 1), now()));
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
  }

  private List<Long> take() throws InterruptedException {
    return ParsedRecords.offsets(backlog.take());
  }

  private Map<Integer, Long> earliest() {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    backlog.earliest(offsets);
    return ParsedRecords.byNumber(offsets);
  }

  private static long now() {
    return System.nanoTime();
  }
}
