package io.orderflow.source.log.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.event.OrderSnapshot;
import io.orderflow.source.offset.Lsn;
import io.orderflow.source.offset.TransactionSnapshot;
import io.orderflow.source.schema.OrderIdColumns;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.TableSchema;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChunkWindowTest {

  private static final OrderSchema SCHEMA =
      new OrderSchema(
          new TableSchema(List.of(), 0),
          null,
          OrderIdColumns.of("id", OrderIdType.BIGINT),
          null,
          "xid",
          List.of(),
          true);

  private final ChunkWindow window = new ChunkWindow(TransactionSnapshot.parse("100:100:"), true);

  @Test
  void orderStreamedSinceTheWindowWasOpenedIsRemoved() {
    // Given
    window.orderStreamed(101, 1L);
    window.open(0);
    window.orderStreamed(102, 2);
    window.snapshotTaken(TransactionSnapshot.parse("110:110:"));
    window.orderStreamed(111, 3L);

    // When
    Chunk chunk = window.deduplicate(chunk(0, "110:110:"));

    // Then
    assertEquals(List.of(1L, 4L), ids(chunk));
  }

  /** A partition can be attached with the row of an order whose deletion is streamed late. */
  @Test
  void orderRemainsIfTheStreamLacksRowsAndTheChunkShowsItsTransaction() {
    // Given
    ChunkWindow attached = new ChunkWindow(TransactionSnapshot.parse("100:100:"), false);
    attached.open(0);
    attached.orderStreamed(102, 2L);
    attached.orderStreamed(111, 3L);

    // When
    Chunk chunk = attached.deduplicate(chunk(0, "110:110:"));

    // Then
    assertEquals(List.of(1L, 2L, 4L), ids(chunk));
  }

  /** A commit can be streamed before other transactions see it. */
  @Test
  void orderStreamedBeforeIsRemovedIfTheSnapshotDoesNotShowItsTransaction() {
    // Given
    window.orderStreamed(101, 1L);
    window.orderStreamed(102, 1L);
    window.orderStreamed(103, 2L);
    window.open(0);

    // When
    Chunk chunk = window.deduplicate(chunk(0, "101:110:101"));

    // Then
    assertEquals(List.of(2L, 3L, 4L), ids(chunk));
  }

  @Test
  void orderThatOneChunkShowsIsKeptForAnotherThatMayNot() {
    // Given
    window.orderStreamed(101, 1L);
    window.open(0);
    window.open(1);
    window.snapshotTaken(TransactionSnapshot.parse("110:110:"));

    // When
    Chunk first = window.deduplicate(chunk(0, "110:110:"));
    Chunk second = window.deduplicate(chunk(1, "101:110:101"));

    // Then
    assertEquals(List.of(1L, 2L, 3L, 4L), ids(first));
    assertEquals(List.of(2L, 3L, 4L), ids(second));
  }

  @Test
  void windowOfAChunkThatIsReadAgainIsThatOfItsLastSnapshot() {
    // Given
    window.open(0);
    window.orderStreamed(101, 1L);
    window.open(0);
    window.orderStreamed(102, 2L);

    // When
    Chunk chunk = window.deduplicate(chunk(0, "110:110:"));

    // Then
    assertEquals(List.of(1L, 3L, 4L), ids(chunk));
  }

  @Test
  void ordersThatAllChunksToComeWillShowAreForgotten() {
    // Given
    window.orderStreamed(101, 1L);
    window.orderStreamed(115, 2L);
    window.open(0);
    window.snapshotTaken(TransactionSnapshot.parse("110:110:"));
    window.open(1);
    window.orderStreamed(116, 3L);
    assertEquals(3, window.size());

    // Then
    window.deduplicate(chunk(0, "110:110:"));
    assertEquals(2, window.size());
    window.snapshotTaken(TransactionSnapshot.parse("120:120:"));
    window.deduplicate(chunk(1, "120:120:"));
    assertEquals(0, window.size());
  }

  private static Chunk chunk(long number, String snapshot) {
    List<OrderSnapshot> orders =
        Stream.of(1L, 2L, 3L, 4L)
            .map(id -> new OrderSnapshot(id, List.of(), List.of(), false))
            .toList();
    return new Chunk(
        number, TransactionSnapshot.parse(snapshot), new Lsn(0), 0, SCHEMA, orders, "4");
  }

  private static List<Object> ids(Chunk chunk) {
    return chunk.orders().stream().map(OrderSnapshot::id).toList();
  }
}
