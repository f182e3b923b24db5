package io.orderflow.sink.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.sink.fixture.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class BatchQueueTest {

  private final BatchQueue queue = new BatchQueue(new BatchLimits(3, 1_000, Duration.ZERO));

  @Test
  void batchesKeepTheOrderAndTheMaximumOfRecords() throws InterruptedException {
    // Given
    add(0, 1, 2);

    // When
    List<Long> first = take();
    add(3, 4);
    queue.finish(List.of());
    List<Long> second = take();

    // Then
    assertEquals(List.of(0L, 1L, 2L), first);
    assertEquals(List.of(3L, 4L), second);
  }

  @Test
  void batchHasNoMoreThanTheMaximumOfBytes() throws InterruptedException {
    // Given
    assertTrue(queue.add(ParsedRecords.at(0, 500), now()));
    assertTrue(queue.add(ParsedRecords.at(1, 500), now()));
    assertFalse(queue.add(ParsedRecords.at(2, 500), now()));

    // When
    List<Long> first = take();
    assertTrue(queue.add(ParsedRecords.at(2, 500), now()));
    queue.finish(List.of());

    // Then
    assertEquals(List.of(0L, 1L), first);
    assertEquals(List.of(2L), take());
  }

  @Test
  void hugeRecordIsABatchOfItsOwn() throws InterruptedException {
    // Given
    add(0);
    assertTrue(queue.add(ParsedRecords.at(1, 1_000_000), now()));
    assertFalse(queue.add(ParsedRecords.at(2, 1), now()), "no room beside a huge record");

    // When
    List<Long> first = take();
    queue.finish(List.of());
    List<Long> second = take();
    queue.finish(List.of());
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
    boolean full = queue.add(ParsedRecords.at(3, 1), began + TimeUnit.MILLISECONDS.toNanos(50));
    long waited = System.nanoTime() - began;
    take();

    // Then
    assertFalse(full);
    assertTrue(waited >= TimeUnit.MILLISECONDS.toNanos(50));
    assertTrue(queue.add(ParsedRecords.at(3, 1), now()));
  }

  @Test
  void waitForRoomEndsAsSoonAsThereIsSome() throws InterruptedException {
    // Given
    add(0, 1, 2);
    CompletableFuture<Boolean> added =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return queue.add(ParsedRecords.at(3, 1), now() + TimeUnit.SECONDS.toNanos(20));
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
  void waitForRoomEndsWhenTheQueueIsClosed() throws InterruptedException {
    // Given
    add(0, 1, 2);

    // When
    queue.close();

    // Then
    assertFalse(queue.add(ParsedRecords.at(3, 1), now() + TimeUnit.HOURS.toNanos(1)));
  }

  @Test
  void batchThatIsNotFullLingers() throws InterruptedException {
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
  void rejectedRecordsAreTakenOnce() throws InterruptedException {
    // Given
    add(0);
    take();

    // When
    queue.finish(List.of(ParsedRecords.bad(0, 0)));

    // Then
    assertEquals(1, queue.takeRejected().size());
    assertEquals(List.of(), queue.takeRejected());
  }

  @Test
  void revokedPartitionsAreDroppedAndTheirRoomIsFree() throws InterruptedException {
    // Given
    for (long offset = 0; offset < 3; offset++) {
      assertTrue(queue.add(ParsedRecords.of((int) offset % 2, offset, 499), now()));
    }
    assertFalse(queue.add(ParsedRecords.of(0, 3, 499), now()));

    // When
    queue.drop(List.of(ParsedRecords.partition(0)));

    // Then
    assertTrue(queue.add(ParsedRecords.of(1, 7, 1), now()));
    assertEquals(List.of(1L, 7L), take());
  }

  @Test
  void batchWhoseRecordsAreAllRevokedWhileItLingersIsNotTaken() throws InterruptedException {
    // Given
    BatchQueue lingering = new BatchQueue(new BatchLimits(3, 1_000, Duration.ofMillis(500)));
    BlockingQueue<List<Long>> taken = new LinkedBlockingQueue<>();
    Thread worker =
        new Thread(
            () -> {
              try {
                taken.add(ParsedRecords.offsets(lingering.take()));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    assertTrue(lingering.add(ParsedRecords.of(0, 7, 1), now()));
    worker.start();
    awaitState(worker, state -> state == Thread.State.TIMED_WAITING);

    // When
    lingering.drop(List.of(ParsedRecords.partition(0)));
    awaitState(worker, state -> state == Thread.State.WAITING || state == Thread.State.TERMINATED);
    assertTrue(lingering.add(ParsedRecords.of(1, 8, 1), now()));

    // Then
    assertEquals(List.of(8L), taken.take());
  }

  private static void awaitState(Thread thread, Predicate<Thread.State> condition) {
    Eventually.until(() -> condition.test(thread.getState()));
  }

  private void add(long... offsets) {
    LongStream.of(offsets)
        .forEach(
            offset -> {
              try {
                assertTrue(queue.add(ParsedRecords.at(offset, 1), now()));
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
  }

  private List<Long> take() throws InterruptedException {
    return ParsedRecords.offsets(queue.take());
  }

  private static long now() {
    return System.nanoTime();
  }
}
