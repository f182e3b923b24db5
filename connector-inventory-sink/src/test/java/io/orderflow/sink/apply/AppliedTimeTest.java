package io.orderflow.sink.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

class AppliedTimeTest {

  private static final Instant START = Instant.parse("2026-11-30T12:00:00Z");
  private static final Instant HOUR_AGO = START.minusSeconds(3_600);
  private static final Set<TopicPartition> ORDERS = Set.of(new TopicPartition("orders", 0));
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
    SinkRecord record = record(1, HOUR_AGO);
    deliver(record);
    pending.finish(List.of(record));

    // Then
    assertUpTo(HOUR_AGO);
    now = START.plus(AppliedTime.QUIET);
    assertUpTo(now);
  }

  @Test
  void recordsOfTheFutureAndOfPartitionsThatWereRevokedDoNotCount() {
    // Given
    deliver(record(1, START.plusSeconds(60)));
    assertUpTo(START);
    deliver(record(2, HOUR_AGO));

    // When
    Set<TopicPartition> others = Set.of(new TopicPartition("orders", 1));
    pending.forget(ORDERS);
    applied.delivered(List.of(), others);
    now = START.plus(AppliedTime.QUIET);

    // Then
    assertUpTo(now);
  }

  private void assertUpTo(Instant time) {
    assertEquals(Optional.of(time), applied.upTo());
  }

  private void deliver(SinkRecord... records) {
    pending.add(List.of(records));
    applied.delivered(List.of(records), ORDERS);
  }

  private static SinkRecord record(long offset, Instant time) {
    return new SinkRecord(
        "orders",
        0,
        null,
        null,
        null,
        null,
        offset,
        time.toEpochMilli(),
        TimestampType.CREATE_TIME);
  }
}
