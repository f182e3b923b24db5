package io.orderflow.sink.record;

import static io.orderflow.sink.fixture.Values.map;
import static io.orderflow.sink.record.Records.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.orderflow.common.database.OrderIdType;
import java.math.BigDecimal;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OrderIdsTest {

  @Test
  void orderIdHasTheTypeOfTheColumn() {
    // Given
    String uuid = "6f1c1c3a-8a55-4c1e-9a39-2d1b8c0f4e11";

    // Then
    assertEquals(UUID.fromString(uuid), orderId(OrderIdType.UUID, uuid));
    assertEquals(7L, orderId(OrderIdType.INTEGER, 7));
    assertEquals("7", orderId(OrderIdType.TEXT, 7));
    assertEquals("A-7", orderId(OrderIdType.TEXT, "A-7"));
  }

  @Test
  void uuidWithDashesInOtherPlacesIsNone() {
    // Given: 36 characters that Java reads as 23456789-0000-0000-0000-000000000000
    String shifted = "123456789-000-0000-0000-000000000000";

    // Then
    assertThrows(BadRecordException.class, () -> orderId(OrderIdType.UUID, shifted));
  }

  @Test
  void firstRecordSuggestsTheTypeOfOrderIds() {
    assertEquals(OrderIdType.BIGINT, suggested(5, null));
    assertEquals(OrderIdType.BIGINT, suggested("5", map("id", new BigDecimal("5"))));
    assertEquals(OrderIdType.UUID, suggested("6f1c1c3a-8a55-4c1e-9a39-2d1b8c0f4e11", null));
    assertEquals(OrderIdType.TEXT, suggested("A-7", map("version", 1L)));
    assertThrows(BadRecordException.class, () -> suggested(null, map("version", 1L)));
    assertThrows(BadRecordException.class, () -> suggested(null, null));
    assertThrows(BadRecordException.class, () -> suggested(1.5, null));
  }

  private static Object orderId(OrderIdType type, Object key) {
    return Records.reader(type).read(record("orders", key, null)).get(0).key();
  }

  private static OrderIdType suggested(@Nullable Object key, @Nullable Object value) {
    return UpdateReader.idTypeOf(record("orders", key, value), Records.ROLES, Fields.defaults());
  }
}
