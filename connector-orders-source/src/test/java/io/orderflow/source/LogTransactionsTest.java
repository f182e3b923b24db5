package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.TransactionContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogTransactionsTest {

  private final Shop shop = Shop.withTables();
  private final Requests requests = new Requests();
  private final CaptureRun run =
      new CaptureRun(shop.logSettings(Map.of("batch.max.orders", "10")), new HashMap<>(), requests);

  @AfterEach
  void stop() {
    run.close();
    shop.dropSlots();
  }

  @Test
  void longTransactionIsCommittedWithItsLastPartAlone() {
    // Given
    run.records(0);
    run.records(0);
    assertFalse(requests.taken(), "A poll without records asks for nothing");

    // When
    shop.run("INSERT INTO orders SELECT n, 'NEW', n FROM generate_series(1, 25) n");

    // Then
    assertEquals(10, part());
    assertFalse(requests.taken());
    assertEquals(10, part());
    assertFalse(requests.taken());
    assertEquals(5, part());
    assertTrue(requests.taken());
  }

  private int part() {
    int size = 0;
    for (int i = 0; i < 100 && size == 0; i++) {
      size = run.poll().size();
    }
    return size;
  }

  /** What Connect would have seen after a poll that yielded records. */
  private static final class Requests implements TransactionContext {

    private boolean commit;

    boolean taken() {
      boolean was = commit;
      commit = false;
      return was;
    }

    @Override
    public void commitTransaction() {
      commit = true;
    }

    @Override
    public void commitTransaction(SourceRecord record) {
      throw new UnsupportedOperationException("whole polls are committed");
    }

    @Override
    public void abortTransaction() {
      throw new UnsupportedOperationException("nothing is aborted");
    }

    @Override
    public void abortTransaction(SourceRecord record) {
      throw new UnsupportedOperationException("nothing is aborted");
    }
  }
}
