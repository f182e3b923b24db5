package io.orderflow.benchmarks.source;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.orderflow.benchmarks.measure.WrongContentException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

final class ContentTest {

  private static final String ITEM =
      """
      {"order_id":%d,"line_no":%d,"sku":"SKU-%d","quantity":%d,"unit_price":"9.99"}\
      """;
  private static final String FIRST_ITEMS =
      item(1, 1, 20, 2) + ',' + item(1, 2, 33, 2) + ',' + item(1, 3, 46, 2);
  private static final String SECOND_ITEMS = item(2, 1, 27, 3) + ',' + item(2, 2, 40, 3);

  @Test
  void wholeOrdersAreAccepted() {
    // Given
    Content content = new Content(Content.Form.WHOLE_ORDERS, 2);

    // When
    content.take(record(order(2, "SHIPPED", "0.02", SECOND_ITEMS)));
    content.take(record(order(1, "PAID", "0.01", FIRST_ITEMS)));

    // Then
    assertEquals(2, content.records());
    assertDoesNotThrow(content::check);
  }

  @Test
  void missingOrderIsSeen() {
    // Given
    Content content = new Content(Content.Form.WHOLE_ORDERS, 2);

    // When
    content.take(record(order(1, "PAID", "0.01", FIRST_ITEMS)));

    // Then
    var wrong = assertThrows(WrongContentException.class, content::check);
    assertEquals("Wrong content: expected orders 2, found 1", wrong.getMessage());
  }

  @Test
  void repeatedOrderIsSeen() {
    // Given
    Content content = new Content(Content.Form.WHOLE_ORDERS, 2);
    var first = record(order(1, "PAID", "0.01", FIRST_ITEMS));
    content.take(first);

    // When
    // Then
    assertThrows(WrongContentException.class, () -> content.take(first));
  }

  @Test
  void orderWithoutAllItsItemsIsSeen() {
    // Given
    Content content = new Content(Content.Form.WHOLE_ORDERS, 1);
    var torn = record(order(1, "PAID", "0.01", item(1, 1, 20, 2)));

    // When
    // Then
    assertThrows(WrongContentException.class, () -> content.take(torn));
  }

  @Test
  void rowsOfChangeEventsAreAccepted() {
    // Given
    Content content = new Content(Content.Form.ROWS, 1);

    // When
    content.take(after(item(1, 3, 46, 2)));
    content.take(after(order(1, "PAID", "0.01", "")));
    content.take(after(item(1, 1, 20, 2)));
    content.take(after(item(1, 2, 33, 2)));

    // Then
    assertEquals(4, content.records());
    assertDoesNotThrow(content::check);
  }

  @Test
  void orderIdIsReadFromEveryFormOfKey() {
    // Given
    String alone = "42";
    String ofItem = "{\"order_id\":42,\"line_no\":7}";

    // When
    long one = Arrivals.orderId(alone.getBytes(StandardCharsets.UTF_8));
    long other = Arrivals.orderId(ofItem.getBytes(StandardCharsets.UTF_8));

    // Then
    assertEquals(42, one);
    assertEquals(42, other);
  }

  private static String item(int order, int line, int sku, int quantity) {
    return ITEM.formatted(order, line, sku, quantity);
  }

  private static String order(int id, String status, String total, String items) {
    return """
    {"id":%d,"customer":"customer-%d","status":"%s","total":"%s","currency":"EUR",\
    "created_at":1,"updated_at":1,"version":1,"items":[%s]}\
    """
        .formatted(id, id, status, total, items);
  }

  private static ConsumerRecord<byte[], byte[]> after(String row) {
    return record("{\"before\":null,\"after\":" + row + ",\"op\":\"r\"}");
  }

  private static ConsumerRecord<byte[], byte[]> record(String json) {
    return new ConsumerRecord<>("orders", 0, 0, new byte[0], json.getBytes(StandardCharsets.UTF_8));
  }
}
