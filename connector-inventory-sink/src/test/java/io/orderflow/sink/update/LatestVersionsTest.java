package io.orderflow.sink.update;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.sink.fixture.Updates;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LatestVersionsTest {

  @Test
  void onlyTheNewestVersionOfAnOrderCounts() {
    // Given
    List<Update> updates = List.of(stock(1, 1, 10), stock(1, 3, 30), stock(1, 2, 20));

    // When
    LatestVersions newest = LatestVersions.of(updates);

    // Then
    assertEquals(List.of(stock(1, 3, 30)), newest.stock());
  }

  @Test
  void ofEqualVersionsTheFirstCounts() {
    // Given
    List<Update> updates = List.of(stock(1, 2, 10), stock(1, 2, 99));

    // When
    LatestVersions newest = LatestVersions.of(updates);

    // Then
    assertEquals(List.of(stock(1, 2, 10)), newest.stock());
  }

  @Test
  void ordersStandWhereTheyFirstAppeared() {
    // Given
    List<Update> updates =
        List.of(stock(9, 1, 1), stock(4, 1, 1), stock(7, 1, 1), stock(9, 2, 2), stock(4, 2, 2));

    // When
    LatestVersions newest = LatestVersions.of(updates);

    // Then
    assertEquals(List.of(stock(9, 2, 2), stock(4, 2, 2), stock(7, 1, 1)), newest.stock());
  }

  @Test
  void kindsDoNotOvertakeEachOther() {
    // Given
    AmountDue due = new AmountDue(1L, 5, BigDecimal.TEN, null);
    PaymentUpdate payment = new PaymentUpdate(1L, 900, "PAID", null, null, null, null);

    // When
    LatestVersions newest = LatestVersions.of(List.of(payment, stock(1, 7, 1), due));

    // Then
    assertEquals(
        new LatestVersions(
            List.of(stock(1, 7, 1)), List.of(due), List.of(payment), List.of(), 1, 1),
        newest);
  }

  @Test
  void deletionAndInventoryUpdateAreOfOneKind() {
    // Given
    Deletion deletion = new Deletion(1L, 8);

    // When
    LatestVersions newest = LatestVersions.of(List.of(stock(1, 7, 1), deletion, stock(1, 6, 1)));

    // Then
    assertEquals(List.of(deletion), newest.stock());
  }

  private static InventoryUpdate stock(long orderId, long version, long quantity) {
    return Updates.of(orderId, version, Intent.RESERVE, new TreeMap<>(Map.of("apple", quantity)));
  }
}
