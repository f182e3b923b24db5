package io.orderflow.sink.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AppliedTimeTest {

  private static final Instant START = Instant.parse("2026-11-30T12:00:00Z");
  private static final Instant HOUR_AGO = START.minusSeconds(3_600);
  private static final Set<TopicPartition> ORDERS = Set.of(new TopicPartition("orders", 0));
  private static final TopicPartition OTHER = new TopicPartition("orders", 1);
  private static final Set<TopicPartition> BOTH = Set.of(new TopicPartition("orders", 0), OTHER);
  private static final TopicPartition QUEUE = new TopicPartition("bad-records", 0);

  private final PendingOffsets pending = new PendingOffsets();
  private Instant now = START;
  private final AppliedTime applied = new AppliedTime(pending, () -> now, Set.of(QUEUE.topic()));

  @Test
  void taskWithoutPartitionsOrWithDeadLettersAloneCannotSay() {
    assertEquals(Optional.empty(), applied.upTo());
    applied.delivered(List.of(), Set.of(QUEUE));
    assertEquals(Optional.empty(), applied.upTo());
  }

  @Test
  void taskThatHasJustGotPartitionsExpectsABacklog() {
    applied.delivered(List.of(), ORDERS);
    assertUpTo(Instant.EPOCH);
    now = START.plus(AppliedTime.QUIET);
    assertUpTo(now);
  }

  @Test
  void timeIsThatOfTheOldestRecordThatIsNotApplied() {
    // Given
    SinkRecord first = record(1, HOUR_AGO);
    SinkRecord second = record(2, HOUR_AGO.plusSeconds(60));
    SinkRecord third = record(3, HOUR_AGO.plusSeconds(120));

    // When, Then
    deliver(first, second);
    deliver(third);
    now = START.plusSeconds(600);
    assertUpTo(HOUR_AGO);
    pending.finish(List.of(second));
    assertUpTo(HOUR_AGO);
    pending.finish(List.of(first));
    assertUpTo(HOUR_AGO.plusSeconds(120));
    pending.finish(List.of(third));
    assertUpTo(now);
  }

  @Test
  void moreOfABacklogIsExpectedForAMoment() {
    // Given
    settle();
    SinkRecord record = record(1, HOUR_AGO);
    deliver(record);
    pending.finish(List.of(record));

    // Then
    assertUpTo(HOUR_AGO);
    now = now.plus(AppliedTime.QUIET);
    assertUpTo(now);
  }

  @Test
  void recordsOfTheFutureAndOfPartitionsThatWereRevokedDoNotCount() {
    // Given
    settle();
    deliver(record(1, START.plusSeconds(60)));
    assertUpTo(now);
    deliver(record(2, HOUR_AGO));

    // When
    Set<TopicPartition> others = Set.of(new TopicPartition("orders", 1));
    pending.forget(ORDERS);
    applied.delivered(List.of(), others);
    assertUpTo(Instant.EPOCH);
    now = now.plus(AppliedTime.QUIET);

    // Then
    assertUpTo(now);
  }

  /** The first record of one partition says nothing about the backlog of another. */
  @Test
  void partitionThatIsCurrentDoesNotHideTheBacklogOfAnother() {
    // Given
    applied.assigned(BOTH);
    SinkRecord current = record(1, START);
    deliver(BOTH, current);
    pending.finish(List.of(current));
    assertUpTo(Instant.EPOCH);

    // When
    SinkRecord old = of(OTHER, 1, HOUR_AGO.toEpochMilli());
    SinkRecord newer = record(2, START);
    deliver(BOTH, newer, old);
    now = START.plus(AppliedTime.QUIET);

    // Then
    assertUpTo(HOUR_AGO);
    pending.finish(List.of(newer, old));
    now = now.minusMillis(1);
    assertUpTo(Instant.EPOCH);
    now = START.plus(AppliedTime.QUIET);
    assertUpTo(now);
  }

  @Test
  void oldestOfARoundIsExpectedAgain() {
    // Given
    applied.assigned(BOTH);
    settle(BOTH);
    SinkRecord newer = record(1, START);
    SinkRecord old = of(OTHER, 1, HOUR_AGO.toEpochMilli());
    deliver(BOTH, newer, old);

    // When
    pending.finish(List.of(newer, old));

    // Then
    assertUpTo(HOUR_AGO);
  }

  @Test
  void deadLettersAndRecordsWithoutATimeSayNothing() {
    // Given
    settle();
    deliver(
        Set.of(ORDERS.iterator().next(), QUEUE),
        of(QUEUE, 1, HOUR_AGO.toEpochMilli()),
        of(ORDERS.iterator().next(), 1, null));
    now = now.plus(AppliedTime.QUIET);

    // Then
    assertUpTo(now);
  }

  private void settle() {
    settle(ORDERS);
  }

  /** Lets the time go by in which a new task expects a backlog. */
  private void settle(Set<TopicPartition> partitions) {
    applied.assigned(partitions);
    now = now.plus(AppliedTime.QUIET);
  }

  private void assertUpTo(Instant time) {
    assertEquals(Optional.of(time), applied.upTo());
  }

  private void deliver(SinkRecord... records) {
    deliver(ORDERS, records);
  }

  private void deliver(Set<TopicPartition> partitions, SinkRecord... records) {
    pending.add(List.of(records));
    applied.delivered(List.of(records), partitions);
  }

  private static SinkRecord record(long offset, Instant time) {
    return of(ORDERS.iterator().next(), offset, time.toEpochMilli());
  }

  private static SinkRecord of(TopicPartition at, long offset, @Nullable Long timestamp) {
    return new SinkRecord(
        at.topic(),
        at.partition(),
        null,
        null,
        null,
        null,
        offset,
        timestamp,
        TimestampType.CREATE_TIME);
  }
}
