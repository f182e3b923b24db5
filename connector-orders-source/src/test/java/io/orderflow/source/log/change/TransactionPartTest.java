package io.orderflow.source.log.change;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.orderflow.common.database.TableName;
import io.orderflow.source.log.change.DatabaseTransaction.Truncated;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.offset.Lsn;
import io.orderflow.source.schema.WatchedTable;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransactionPartTest {

  private static final Lsn COMMIT = new Lsn(100);

  private static final WatchReference REFERENCE =
      new WatchReference(
          new WatchedTable(
              TableName.parse("lines"),
              List.of("shipment_id"),
              List.of(
                  new WatchedTable.Step(
                      TableName.parse("shipments"), List.of("id"), List.of("order_id")))),
          "7");

  /** The last part contains all orders of references, also if capture resumes among these. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 0 | [0-0+]",
        "1 | 0 | [0-1+]",
        "2 | 0 | [0-2+]",
        "3 | 0 | [0-2, 2-3+]",
        "3 | 2 | [2-3+]",
        "3 | 3 | [3-3+]",
        "3 | 5 | [3-3+]",
      })
  void referencesBelongToTheLastPart(int orders, long emitted, String expected) {
    // Given
    LogOffset offset =
        LogOffset.start(COMMIT, "system", null, null, 0).withinTransaction(COMMIT, emitted);

    // When
    List<TransactionPart> parts =
        TransactionPart.batches(List.of(transaction(orders)), offset, 2).stream()
            .flatMap(List::stream)
            .toList();

    // Then
    assertEquals(
        expected,
        parts.stream()
            .map(part -> part.from() + "-" + part.to() + (part.hasReferences() ? "+" : ""))
            .toList()
            .toString());
  }

  @ParameterizedTest
  @CsvSource({"0, 8 0 9", "2, 0 1 8 9"})
  void referencedOrdersFollowThoseThatTheTransactionChanged(int orders, String expected) {
    // Given
    TransactionPart last = new TransactionPart(transaction(orders), orders, orders);

    // When
    TransactionPart complete = last.withReferenced(List.of("8", "0", "9"));

    // Then
    List<String> ids = complete.transaction().orderIds();
    assertEquals(expected, String.join(" ", ids));
    assertEquals(ids.size(), complete.to());
    assertEquals(orders, complete.from());
    assertFalse(complete.hasReferences());
  }

  /** References take up room as well, since each leads to an order that has to be looked up. */
  @Test
  void batchesOfReferencesAreLimited() {
    // Given
    LogOffset offset = LogOffset.start(new Lsn(1), "system", null, null, 0);

    // When
    List<List<TransactionPart>> batches =
        TransactionPart.batches(List.of(transaction(0), transaction(0), transaction(0)), offset, 2);

    // Then
    assertEquals(List.of(2, 1), batches.stream().map(List::size).toList());
    assertEquals(1, transaction(0).size());
  }

  private static DatabaseTransaction transaction(int orders) {
    return new DatabaseTransaction(
        1,
        COMMIT,
        new Lsn(101),
        0,
        0,
        LongStream.range(0, orders).mapToObj(id -> OrderLog.inserted(id, "NEW", 1)).toList(),
        List.of(REFERENCE),
        Truncated.NOTHING);
  }
}
