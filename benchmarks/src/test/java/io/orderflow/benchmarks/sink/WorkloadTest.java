package io.orderflow.benchmarks.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orderflow.benchmarks.program.Cents;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WorkloadTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void fifthOfThePaymentsRepeatsAnOrder() throws IOException {
    // Given
    Payments payments = new Payments("payments", 1_000);
    Map<Long, JsonNode> newest = new HashMap<>();

    // When
    for (int i = 0; i < payments.count(); i++) {
      JsonNode update = JSON.readTree(payments.record(i).value());
      newest.put(update.get("order_id").asLong(), update);
    }

    // Then
    assertEquals(800, payments.orders());
    assertEquals(800, newest.size());
    assertEquals(1_000, newest.values().stream().mapToLong(p -> p.get("version").asLong()).sum());
    BigDecimal paid =
        newest.values().stream()
            .map(update -> new BigDecimal(update.get("amount").asText()))
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    assertEquals(paid.toPlainString(), Cents.text(payments.paid()));
  }

  @ParameterizedTest
  @CsvSource({"orders, 1", "fractions, 1000"})
  void contentExpectedOfOrdersIsWhatTheirEventsSay(String name, BigDecimal steps)
      throws IOException {
    // Given
    Orders orders = new Orders(name, "orders", 2_000);
    long lines = 0;
    BigDecimal due = BigDecimal.ZERO;
    Map<String, Long> reserved = new HashMap<>();

    // When
    for (int i = 0; i < orders.count(); i++) {
      JsonNode order = JSON.readTree(orders.record(i).value());
      due = due.add(new BigDecimal(order.get("total").asText()));
      for (JsonNode item : order.get("items")) {
        lines++;
        BigDecimal open = quantity(item, "quantity").subtract(quantity(item, "shipped"));
        reserved.merge(item.get("sku").asText(), open.multiply(steps).longValueExact(), Long::sum);
      }
    }
    OrderContent content = OrderContent.expected(Orders.SKUS, 0, orders.count(), orders::order);

    // Then
    assertEquals(5_000, lines);
    assertEquals(lines, content.lines());
    assertEquals(due.toPlainString(), Cents.text(content.dueCents()));
    for (int sku = 0; sku < Orders.SKUS; sku++) {
      assertEquals(reserved.getOrDefault("SKU-" + sku, 0L), content.reserved(sku));
    }
  }

  private static BigDecimal quantity(JsonNode item, String field) {
    return new BigDecimal(item.path(field).asText("0"));
  }

  @Test
  void mostPopularSkuIsWantedTwiceAsOftenAsTheSecond() {
    // Given
    OrderContent content =
        OrderContent.expected(
            Orders.SKUS, 0, 40_000, new Orders(Orders.NAME, "orders", 40_000)::order);

    // When
    double ratio = (double) content.reserved(0) / content.reserved(1);

    // Then
    assertTrue(ratio > 1.6 && ratio < 2.2, () -> "Ratio " + ratio);
  }

  @Test
  void flashSaleWantsOnePieceOfOneSku() {
    // Given
    OrderContent content =
        OrderContent.expected(
            Orders.SKUS, 0, 500, new Orders(Orders.FLASH_SALE, "orders", 500)::order);

    // When
    long hot = content.reserved(0);

    // Then
    assertEquals(500, hot);
    assertEquals(500, content.lines());
    assertEquals(0, content.reserved(1));
  }
}
