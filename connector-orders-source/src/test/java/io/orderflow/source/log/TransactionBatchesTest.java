package io.orderflow.source.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.log.change.DatabaseTransaction;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.offset.Lsn;
import io.orderflow.source.schema.UnusableTablesException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TransactionBatchesTest {

  private static final Duration WAIT = Duration.ofSeconds(20);
  private static final LogOffset START = LogOffset.start(new Lsn(0), "7", null, null, 0);

  private final FakeStream stream = new FakeStream();
  private final LogReader reader =
      new LogReader(stream, (message, pause) -> message, FakeStream.assembler(), "test");
  private final TransactionBatches batches = new TransactionBatches(reader, 2, new Lsn(0));

  @AfterEach
  void close() {
    reader.close();
  }

  @Test
  void largeTransactionIsDividedAndItsOrdersCountUntilTheyAreRemoved() throws Exception {
    // Given
    stream.inserts(10, 1, 2, 3);

    // When
    List<DatabaseTransaction> taken = batches.take(START, WAIT);
    List<Integer> sizes = new ArrayList<>();
    List<Long> left = new ArrayList<>();
    while (!batches.isEmpty()) {
      sizes.add(batches.first().stream().mapToInt(part -> part.size()).sum());
      left.add(batches.orders());
      batches.removeFirst();
    }

    // Then
    assertEquals(1, taken.size());
    assertEquals(List.of(2, 1), sizes);
    assertEquals(List.of(3L, 1L), left);
    assertEquals(0, batches.orders());
    assertEquals(new Lsn(11), batches.takenUntil());
    assertFalse(batches.endsWithTruncation());
  }

  @Test
  void ordersThatAreAlreadyEmittedAreLeftOut() throws Exception {
    // Given
    stream.inserts(10, 1, 2, 3);

    // When
    batches.take(START.withinTransaction(new Lsn(10), 2), WAIT);

    // Then
    assertEquals(2, batches.first().get(0).from());
    assertEquals(1, batches.orders());
  }

  @Test
  void batchesEndBeforeATruncationWhichIsThrownAfterThem() throws Exception {
    // Given
    stream.inserts(10, 1).truncates(20).inserts(30, 2);

    // When
    List<Long> taken = new ArrayList<>();
    while (!batches.endsWithTruncation()) {
      batches.take(START, WAIT).forEach(transaction -> taken.add(transaction.xid()));
    }
    Lsn until = batches.takenUntil();
    UnusableTablesException thrown =
        assertThrows(UnusableTablesException.class, () -> batches.take(START, WAIT));

    // Then
    assertEquals(List.of(10L), taken);
    assertEquals(new Lsn(11), until);
    assertEquals("orders.table", thrown.key());
    assertTrue(String.valueOf(thrown.getMessage()).contains("0/15"), thrown.getMessage());
  }
}
