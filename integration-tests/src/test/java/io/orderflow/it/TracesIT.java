package io.orderflow.it;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.opentelemetry.proto.trace.v1.Span;
import io.orderflow.it.fixture.Database;
import io.orderflow.it.fixture.Examples;
import io.orderflow.it.fixture.Json;
import io.orderflow.it.fixture.OnRealWorkers;
import io.orderflow.it.fixture.OtlpReceiver;
import io.orderflow.it.fixture.Stage;
import io.orderflow.it.fixture.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** One trace from the shop to the warehouse, with the OpenTelemetry agent and an OTLP receiver. */
@Tag("traces")
@EnabledIfSystemProperty(
    named = "orderflow.groups",
    matches = "traces",
    disabledReason = "fetches the OpenTelemetry agent: mvn -B verify -Ptraces")
@OnRealWorkers
class TracesIT {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SHOP_SPAN = "00f067aa0ba902b7";
  private static final List<String> STEPS =
      List.of("capture orders", "send orders", "process orders", "commit");

  @Test
  void oneTraceLeadsFromTheShopIntoTheWarehouseAndItsLogs(Stage stage)
      throws SQLException, IOException {
    // Given
    Database shop = stage.database("shop");
    Database warehouse = stage.database("warehouse");
    shop.runExample("shop-example-schema.sql");
    shop.execute("ALTER TABLE orders ADD COLUMN traceparent text");
    shop.runExample("shop-install.sql");
    warehouse.runExample("warehouse-install.sql");
    warehouse.execute(
        "INSERT INTO stock (sku, on_hand) VALUES ('A', 5)",
        "ALTER TABLE order_inventory ADD CHECK (order_id < 90)",
        "ALTER DATABASE %s SET log_min_duration_statement = 0".formatted(warehouse.name()));
    Examples.post(
        stage,
        "orders-source.json",
        Map.of("shop", shop),
        Map.of("traceparent.column", "traceparent"));
    Topic orders = stage.topicOfConnect("orders", 8);
    Topic payments = stage.topicAsNamed("payment-updates", 2);
    Topic deadLetters = stage.topicAsNamed("inventory-dead-letters", 1);

    // When
    place(shop, 1, TRACE);
    await("the order is captured").until(orders::count, equalTo(1));
    Examples.post(
        stage,
        "inventory-sink.json",
        Map.of("warehouse", warehouse),
        Map.of("errors.log.enable", "true"));

    // Then
    await("every step has a span").until(() -> STEPS.stream().allMatch(TracesIT::isThere));
    print();
    String parent = SHOP_SPAN;
    for (String step : STEPS) {
      Span span = step(step).orElseThrow();
      assertEquals(parent, hex(span.getParentSpanId()), step);
      parent = hex(span.getSpanId());
    }
    Span batch = batch(step("process orders").orElseThrow()).orElseThrow();
    String traceparent = "00-%s-%s-".formatted(hex(batch.getTraceId()), hex(batch.getSpanId()));
    await("the warehouse's log has the batch's trace context")
        .until(
            () ->
                Files.readString(stage.stack().localPostgres().logFile())
                    .contains("/*traceparent='" + traceparent));

    // When
    place(shop, 99, TRACE.replace('4', '5'));

    // Then
    await("the refused order is a dead letter").until(deadLetters::count, equalTo(1));
    await("a line of the worker's log names it")
        .until(
            () ->
                stage.stack().workers().all().stream()
                    .anyMatch(w -> reportsRefusedOrder(w.logFile())));
    assertEquals(0, payments.count());
  }

  private static void place(Database shop, int id, String trace) {
    shop.execute(
        """
        WITH placed AS (
          INSERT INTO orders (id, customer, status, total, currency, traceparent)
          VALUES (%d, 'Ann', 'PAID', 9.90, 'EUR', '00-%s-%s-01') RETURNING id)
        INSERT INTO order_items SELECT id, 1, 'A', 1, 9.90 FROM placed
        """
            .formatted(id, trace, SHOP_SPAN));
  }

  private static boolean isThere(String step) {
    return step(step).isPresent();
  }

  private static Optional<Span> step(String name) {
    return OtlpReceiver.get().spans().stream()
        .filter(span -> hex(span.getTraceId()).equals(TRACE) && span.getName().equals(name))
        .findFirst();
  }

  /** The batch that is linked with the record's span. */
  private static Optional<Span> batch(Span record) {
    return OtlpReceiver.get().spans().stream()
        .filter(span -> span.getName().equals("apply batch"))
        .filter(
            span ->
                span.getLinksList().stream()
                    .anyMatch(link -> link.getSpanId().equals(record.getSpanId())))
        .findFirst();
  }

  /** Every line is JSON, and one is about the refused order. */
  private static boolean reportsRefusedOrder(Path log) {
    boolean found = false;
    for (String line : lines(log)) {
      if (line.startsWith("{")) {
        JsonNode fields = Json.parse(line);
        found |=
            fields.path("order_id").asText().equals("99")
                && fields.path("record").asText().matches("orders-[0-7]@[0-9]+")
                && fields.path("trace_id").asText().equals(TRACE.replace('4', '5'))
                && fields.path("connector").asText().contains("inventory-sink|task-");
      }
    }
    return found;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void print() {
    System.out.println("trace " + TRACE + " below the shop's span " + SHOP_SPAN);
    for (String step : STEPS) {
      Span span = step(step).orElseThrow();
      System.out.printf(
          "  %-15s %s below %s  %,8.3f ms%n",
          step,
          hex(span.getSpanId()),
          hex(span.getParentSpanId()),
          (span.getEndTimeUnixNano() - span.getStartTimeUnixNano()) / 1e6);
    }
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
