package io.orderflow.source.offset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.offset.EmittedAhead.Order;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the orders whose events are ahead of the log, and their text form. */
public final class EmittedAheadTest {

  private static final TransactionSnapshot SNAPSHOT =
      new TransactionSnapshot(740, 745, List.of(741L, 743L));

  /** What a task reads that starts at an offset with these orders. */
  public static EmittedAhead stored(EmittedAhead ahead) {
    return ahead.orders().isEmpty() ? ahead : EmittedAhead.parse(ahead.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "a@b c", "x,y;z", "Ä' \"\\ \t\n;", "", "1:8", "%40+", "0/1 at 0/2"})
  void textFormHoldsAnyOrderId(String orderId) {
    // Given
    LogOffset offset =
        LogOffset.start(new Lsn(5), "123", null, null, 0)
            .with(EmittedAhead.NONE.with(orderId, new Order(3, SNAPSHOT, new Lsn(9))))
            .with(
                EmittedAhead.NONE
                    .with(orderId, new Order(3, SNAPSHOT, new Lsn(9)))
                    .with("8", new Order(1L << 40, SNAPSHOT, new Lsn(12))));

    // When
    LogOffset read = LogOffset.of(offset.toMap());

    // Then
    assertEquals(offset, read);
    assertEquals(2, read.known().emittedAhead().orders().size());
  }

  @Test
  void ordersAreAheadUntilTheirPositionIsReached() {
    // Given
    EmittedAhead ahead =
        EmittedAhead.NONE
            .with("7", new Order(3, SNAPSHOT, new Lsn(9)))
            .with("8", new Order(4, SNAPSHOT, new Lsn(12)));
    LogOffset offset = LogOffset.start(new Lsn(5), "123", null, null, 0).with(ahead);

    // Then
    assertEquals(ahead, offset.advancedTo(new Lsn(8)).known().emittedAhead());
    assertEquals(
        Map.of("8", new Order(4, SNAPSHOT, new Lsn(12))),
        offset.advancedTo(new Lsn(9)).known().emittedAhead().orders());
    assertEquals(KnownTables.NONE, offset.withinTransaction(new Lsn(12), 1).known());
    assertEquals(EmittedAhead.NONE, ahead.without("7").without("8"));
  }

  @Test
  void eachOffsetHasAFewOrdersAtMost() {
    // Given
    EmittedAhead ahead = EmittedAhead.NONE;
    for (int i = 0; i < 2 * EmittedAhead.MAX_ORDERS; i++) {
      ahead = ahead.with("order " + i, new Order(3, SNAPSHOT, new Lsn(9)));
    }

    // When
    EmittedAhead renewed = ahead.with("order 0", new Order(4, SNAPSHOT, new Lsn(9)));

    // Then
    assertEquals(EmittedAhead.MAX_ORDERS, ahead.orders().size());
    assertEquals(new Order(4, SNAPSHOT, new Lsn(9)), renewed.get("order 0"));
    assertNull(ahead.get("order " + EmittedAhead.MAX_ORDERS));
  }

  @ParameterizedTest
  @CsvSource({"lsn, 0/4", "emitted_in_transaction, 1"})
  void offsetThatAnOperatorHasMovedEmitsOrdersAgain(String field, String value) {
    // Given
    Map<String, Object> stored =
        LogOffset.start(new Lsn(5), "123", null, null, 0)
            .with(EmittedAhead.NONE.with("7", new Order(3, SNAPSHOT, new Lsn(9))))
            .toMap();

    // When
    stored.put(field, value);

    // Then
    assertEquals(EmittedAhead.NONE, LogOffset.of(stored).known().emittedAhead());
  }

  @Test
  void anotherTimelineAssignsTransactionIdsAgain() {
    // Given
    LogOffset offset =
        LogOffset.start(new Lsn(5), "123", null, null, 0)
            .withTimeline(1)
            .with(EmittedAhead.NONE.with("7", new Order(3, SNAPSHOT, new Lsn(9))));

    // Then
    assertEquals(offset, offset.withTimeline(1));
    assertEquals(KnownTables.NONE, offset.withTimeline(2).known());
    assertEquals(2, offset.withTimeline(2).timeline());
  }

  @Test
  void recordsOfABatchShareTheText() {
    // Given
    LogOffset offset =
        LogOffset.start(new Lsn(5), "123", null, null, 0)
            .with(EmittedAhead.NONE.with("7", new Order(3, SNAPSHOT, new Lsn(9))));

    // Then
    assertSame(
        offset.toMap().get("emitted_ahead"),
        offset.withinTransaction(new Lsn(6), 1).toMap().get("emitted_ahead"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "7", "7@3@740:745:", "7@x@740:745:@0/9", "7@3@740:745:@9", "7@3@740@0/9"})
  void malformedTextIsRefused(String text) {
    // Given
    Map<String, Object> stored = LogOffset.start(new Lsn(5), "123", null, null, 0).toMap();
    stored.put("emitted_ahead", text);
    stored.put("emitted_ahead_at", "0/5 0");

    // When
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> LogOffset.of(stored));

    // Then
    assertTrue(refused.toString().contains(": emitted_ahead: "), refused.toString());
  }
}
