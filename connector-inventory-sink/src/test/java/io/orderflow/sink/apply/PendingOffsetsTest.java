package io.orderflow.sink.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

class PendingOffsetsTest {

  private final PendingOffsets pending = new PendingOffsets();

  @Test
  void offsetOfAPartitionIsItsFirstUnfinishedRecord() {
    // Given
    add(0, 10, 11, 12);
    add(1, 20, 21);

    // When
    finish(0, 11);
    finish(1, 20);

    // Then
    assertEquals(Map.of(0, 10L, 1, 21L), committable(Map.of(0, 13L, 1, 22L)));

    // When
    finish(0, 10);

    // Then
    assertEquals(Map.of(0, 12L, 1, 21L), committable(Map.of(0, 13L, 1, 22L)));
    assertFalse(pending.isEmpty());

    // When
    finish(0, 12);
    finish(1, 21);

    // Then
    assertEquals(Map.of(0, 13L, 1, 22L), committable(Map.of(0, 13L, 1, 22L)));
    assertTrue(pending.isEmpty());
  }

  @Test
  void anyOrderOfFinishingGivesTheSmallestUnfinishedOffset() {
    // Given
    Random random = new Random(5);
    List<Long> open = new ArrayList<>();
    for (long offset = 0; offset < 200; offset += 1 + random.nextInt(3)) {
      add(0, offset);
      open.add(offset);
    }
    TreeSet<Long> unfinished = new TreeSet<>(open);
    Collections.shuffle(open, random);

    for (long offset : open) {
      // When
      finish(0, offset);
      unfinished.remove(offset);

      // Then
      long expected = unfinished.isEmpty() ? 1_000 : unfinished.first();
      assertEquals(Map.of(0, expected), committable(Map.of(0, 1_000L)));
    }
  }

  @Test
  void recordsDeliveredAgainAreUnfinishedAgain() {
    // Given
    add(0, 10, 11, 12);
    finish(0, 10);
    finish(0, 12);

    // When: Connect has rewound the consumer to 10
    add(0, 10);

    // Then: 11 and 12 are delivered once more as well
    assertEquals(Map.of(0, 10L), committable(Map.of(0, 11L)));
    finish(0, 10);
    assertEquals(Map.of(0, 11L), committable(Map.of(0, 11L)));
    add(0, 11, 12);
    assertEquals(Map.of(0, 11L), committable(Map.of(0, 13L)));
  }

  @Test
  void revokedPartitionsAreForgottenEvenIfAWorkerFinishesTheirRecordsLater() {
    // Given
    add(0, 10);
    add(1, 20);

    // When
    pending.forget(List.of(ParsedRecords.partition(0)));
    finish(0, 10);

    // Then
    assertEquals(Map.of(0, 11L, 1, 20L), committable(Map.of(0, 11L, 1, 21L)));
    assertEquals(Map.of(), committable(Map.of()));
  }

  private void add(int partition, long... offsets) {
    List<SinkRecord> records = new ArrayList<>();
    for (long offset : offsets) {
      records.add(ParsedRecords.record(partition, offset));
    }
    pending.add(records);
  }

  private void finish(int partition, long offset) {
    pending.finish(List.of(ParsedRecords.record(partition, offset)));
  }

  private Map<Integer, Long> committable(Map<Integer, Long> delivered) {
    Map<TopicPartition, OffsetAndMetadata> current = new HashMap<>();
    delivered.forEach(
        (partition, offset) ->
            current.put(ParsedRecords.partition(partition), new OffsetAndMetadata(offset)));
    return pending.committable(current).entrySet().stream()
        .collect(
            Collectors.toMap(
                entry -> entry.getKey().partition(), entry -> entry.getValue().offset()));
  }
}
