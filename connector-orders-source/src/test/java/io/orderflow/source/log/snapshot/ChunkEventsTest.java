package io.orderflow.source.log.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.source.event.OrderSnapshot;
import io.orderflow.source.log.change.OrderLog;
import io.orderflow.source.offset.EmittedAhead;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.offset.Lsn;
import io.orderflow.source.offset.TransactionSnapshot;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChunkEventsTest {

  private static final TransactionSnapshot CHUNK = TransactionSnapshot.parse("100:100:");
  private static final TransactionSnapshot LOOK_UP = TransactionSnapshot.parse("110:110:");

  @Test
  void versionBeforeTheOneThatWasEmittedAheadOfTheLogIsNotEmitted() {
    // Given
    EmittedAhead ahead =
        EmittedAhead.NONE
            .with("1", new EmittedAhead.Order(5, LOOK_UP, new Lsn(90)))
            .with("2", new EmittedAhead.Order(4, LOOK_UP, new Lsn(90)));
    LogOffset offset = LogOffset.start(new Lsn(50), "123", null, null, 0).with(ahead);

    // When
    ChunkEvents events = ChunkEvents.of(chunk(1L, 2L, 3L), Map.of(), offset);

    // Then
    assertEquals(
        List.of(2L, 3L), events.events().stream().map(event -> event.event().id()).toList());
    assertEquals(offset.withSnapshotReached("3"), events.offset());
  }

  @Test
  void offsetPassesAChunkThatTheStreamIsAheadOf() {
    // Given
    LogOffset offset =
        LogOffset.start(new Lsn(50), "123", null, null, 0)
            .with(EmittedAhead.NONE.with("1", new EmittedAhead.Order(5, LOOK_UP, new Lsn(90))));

    // When
    ChunkEvents events = ChunkEvents.of(chunk(1L), Map.of(), offset);

    // Then
    assertEquals(List.of(), events.events());
    assertEquals(offset.withSnapshotReached("1"), events.offset());
  }

  /** A chunk with version 4 of each order. */
  private static Chunk chunk(Long... ids) {
    List<OrderSnapshot> orders =
        List.of(ids).stream()
            .map(id -> new OrderSnapshot(id, List.of(id, "NEW", 4L), List.of(), false))
            .toList();
    return new Chunk(
        0,
        CHUNK,
        new Lsn(40),
        0,
        OrderLog.WITHOUT_ITEMS,
        orders,
        Long.toString(ids[ids.length - 1]));
  }
}
