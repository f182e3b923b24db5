package io.orderflow.source.log.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.offset.TransactionSnapshot;
import io.orderflow.source.read.OrderSnapshot;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.TableSchema;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChunkWindowTest {

  private static final OrderSchema LAYOUT =
      new OrderSchema(
          new TableSchema(List.of(), 0),
          null,
          "id",
          OrderIdType.BIGINT,
          null,
          "xid",
          false,
          List.of());

  private final ChunkWindow overtaken = new ChunkWindow(TransactionSnapshot.parse("100:100:"));

  @Test
  void orderToldSinceTheChunkWasBegunIsDropped() {
    // Given
    overtaken.told(101, 1L);
    overtaken.begin(0);
    overtaken.told(102, 2);
    overtaken.taken(TransactionSnapshot.parse("110:110:"));
    overtaken.told(111, 3L);

    // When
    Chunk chunk = overtaken.end(chunk(0, "110:110:"));

    // Then
    assertEquals(List.of(1L, 4L), ids(chunk));
  }

  /** A commit can be streamed before other transactions see it. */
  @Test
  void orderToldBeforeIsDroppedWhereTheSnapshotDoesNotShowItsTransaction() {
    // Given
    overtaken.told(101, 1L);
    overtaken.told(102, 1L);
    overtaken.told(103, 2L);
    overtaken.begin(0);

    // When
    Chunk chunk = overtaken.end(chunk(0, "101:110:101"));

    // Then
    assertEquals(List.of(2L, 3L, 4L), ids(chunk));
  }

  @Test
  void whatOneChunkShowsIsKeptForAnotherThatMayNot() {
    // Given
    overtaken.told(101, 1L);
    overtaken.begin(0);
    overtaken.begin(1);
    overtaken.taken(TransactionSnapshot.parse("110:110:"));

    // When
    Chunk first = overtaken.end(chunk(0, "110:110:"));
    Chunk second = overtaken.end(chunk(1, "101:110:101"));

    // Then
    assertEquals(List.of(1L, 2L, 3L, 4L), ids(first));
    assertEquals(List.of(2L, 3L, 4L), ids(second));
  }

  @Test
  void chunkThatIsReadAgainCountsFromItsLastSnapshot() {
    // Given
    overtaken.begin(0);
    overtaken.told(101, 1L);
    overtaken.begin(0);
    overtaken.told(102, 2L);

    // When
    Chunk chunk = overtaken.end(chunk(0, "110:110:"));

    // Then
    assertEquals(List.of(1L, 3L, 4L), ids(chunk));
  }

  @Test
  void whatAllChunksToComeWillShowIsForgotten() {
    // Given
    overtaken.told(101, 1L);
    overtaken.told(115, 2L);
    overtaken.begin(0);
    overtaken.taken(TransactionSnapshot.parse("110:110:"));
    overtaken.begin(1);
    overtaken.told(116, 3L);
    assertEquals(3, overtaken.kept());

    // Then
    overtaken.end(chunk(0, "110:110:"));
    assertEquals(2, overtaken.kept());
    overtaken.taken(TransactionSnapshot.parse("120:120:"));
    overtaken.end(chunk(1, "120:120:"));
    assertEquals(0, overtaken.kept());
  }

  private static Chunk chunk(long number, String snapshot) {
    List<OrderSnapshot> orders =
        Stream.of(1L, 2L, 3L, 4L)
            .map(id -> new OrderSnapshot(id, List.of(), List.of(), false))
            .toList();
    return new Chunk(number, TransactionSnapshot.parse(snapshot), 0, LAYOUT, orders, "4");
  }

  private static List<Object> ids(Chunk chunk) {
    return chunk.orders().stream().map(OrderSnapshot::id).toList();
  }
}
