package io.orderflow.benchmarks.source.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OrderJsonTest {

  private static final int ORDERS = 16_001;
  private static final int ITEMS = 16_002;

  @Test
  void linesOfCopyBecomeAnOrder() {
    // Given
    byte[][] order =
        CopyReading.CopyRows.split(
            bytes("7\tcustomer-7\tPAID\t0.07\tEUR\t1795305600000\t1795305600001\t1\n"), 8);
    byte[][] item = CopyReading.CopyRows.split(bytes("7\t1\tSKU-62\t2\t9.99\n"), 5);

    // When
    byte[] json = OrderJson.withTimesAsMillis().write(order, List.of(item, item));

    // Then
    String line =
        "{\"order_id\":7,\"line_no\":1,\"sku\":\"SKU-62\",\"quantity\":2,\"unit_price\":\"9.99\"}";
    assertEquals(
        "{\"id\":7,\"customer\":\"customer-7\",\"status\":\"PAID\",\"total\":\"0.07\","
            + "\"currency\":\"EUR\",\"created_at\":1795305600000,\"updated_at\":1795305600001,"
            + "\"version\":1,\"items\":["
            + line
            + ','
            + line
            + "]}",
        new String(json, StandardCharsets.UTF_8));
  }

  @Test
  void ordersAreReturnedWhenTheirTransactionCommits() {
    // Given
    PgOutput output = new PgOutput();
    output.take(relation(ORDERS, "orders"));
    output.take(relation(ITEMS, "order_items"));

    // When
    output.take(insert(ORDERS, "7", "PAID"));
    output.take(insert(ITEMS, "7", "SKU-62"));
    boolean within = output.isWithin();
    List<PgOutput.Placed> placed = output.take(ByteBuffer.wrap(new byte[] {'C'}));

    // Then
    assertTrue(within);
    assertFalse(output.isWithin());
    assertEquals(1, placed.size());
    assertEquals("PAID", new String(placed.get(0).order[1], StandardCharsets.UTF_8));
    assertEquals(1, placed.get(0).items.size());
  }

  private static ByteBuffer relation(int oid, String name) {
    return ByteBuffer.allocate(64)
        .put((byte) 'R')
        .putInt(oid)
        .put(bytes("public\0" + name + '\0'))
        .flip();
  }

  private static ByteBuffer insert(int oid, String... values) {
    ByteBuffer message = ByteBuffer.allocate(64).put((byte) 'I').putInt(oid).put((byte) 'N');
    message.putShort((short) values.length);
    for (String value : values) {
      message.put((byte) 't').putInt(value.length()).put(bytes(value));
    }
    return message.flip();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
