package io.orderflow.it;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.orderflow.it.fixture.Capture;
import io.orderflow.it.fixture.OnRealWorkers;
import io.orderflow.it.fixture.OtlpReceiver;
import io.orderflow.it.fixture.Shop;
import io.orderflow.it.fixture.Stage;
import io.orderflow.it.fixture.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the source reads, in the log of the shop's server and as spans. */
@Tag("traces")
@EnabledIfSystemProperty(
    named = "orderflow.groups",
    matches = "traces",
    disabledReason = "fetches the OpenTelemetry agent: mvn -B verify -Ptraces")
@OnRealWorkers
class ReadTracesIT {
  private static final Duration IDLE = Duration.ofSeconds(3);
  private static final long QUICK_NANOS = Duration.ofMillis(100).toNanos();

  /** Each begins with its time; statements have line breaks. */
  private static final Pattern ENTRY = Pattern.compile("(?m)^(?=\\d{4}-\\d\\d-\\d\\d )");

  private static final String SHOP_SPAN = "00f067aa0ba902b7";

  @ParameterizedTest
  @EnumSource
  void readOfTheServersLogLeadsToTheTracesOfTheOrdersItFound(Capture capture, Stage stage)
      throws IOException {
    // Given
    String trace = UUID.randomUUID().toString().replace("-", "");
    Shop shop = stage.shop();
    shop.database()
        .execute(
            "ALTER TABLE orders ADD COLUMN traceparent text",
            "ALTER DATABASE %s SET log_min_duration_statement = 0"
                .formatted(shop.database().name()),
            "INSERT INTO orders (id, lines, traceparent) VALUES (1, 1, '00-%s-%s-01')"
                .formatted(trace, SHOP_SPAN),
            "INSERT INTO order_items VALUES (1, 1, 'A', 1)");
    Topic orders = stage.topic("orders", 2);
    Map<String, String> config = capture.source(shop, orders);
    config.put("traceparent.column", "traceparent");

    // When
    stage.connectors().start("source", config);
    await("the order is loaded").until(orders::count, equalTo(1));
    shop.database().execute("UPDATE orders SET status = 'PAID', version = 2 WHERE id = 1");
    await("its change is captured").until(orders::count, equalTo(2));

    // Then
    await("both times it was read").until(() -> readsOf(trace).size() == 2);
    for (Span read : readsOf(trace)) {
      assertEquals(1, orders(read));
      String comment =
          "/*traceparent='00-%s-%s-".formatted(hex(read.getTraceId()), hex(read.getSpanId()));
      await("the statements of " + read.getName() + " are in the log with " + comment)
          .until(() -> isIn(stage, comment, "orders") && isIn(stage, comment, "order_items"));
    }

    // Then
    var known = new AtomicLong();
    await("there are no new spans while nothing changes")
        .during(IDLE)
        .until(
            () -> {
              long spans = spansWithoutSlowReads();
              return known.getAndSet(spans) == spans;
            });
  }

  private static long spansWithoutSlowReads() {
    return OtlpReceiver.get().spans().stream().filter(span -> !isSlowRead(span)).count();
  }

  /** Whether the log has a statement that reads this table and ends with this. */
  private static boolean isIn(Stage stage, String comment, String table) throws IOException {
    String log = Files.readString(stage.stack().localPostgres().logFile());
    return ENTRY
        .splitAsStream(log)
        .anyMatch(
            entry -> entry.contains(comment) && entry.contains("\"public\".\"" + table + '"'));
  }

  private static List<Span> reads() {
    return OtlpReceiver.get().spans().stream()
        .filter(span -> span.getName().equals("read orders"))
        .toList();
  }

  /** Those that are linked with the trace. */
  private static List<Span> readsOf(String trace) {
    return reads().stream()
        .filter(
            span ->
                span.getLinksList().stream().anyMatch(link -> hex(link.getTraceId()).equals(trace)))
        .toList();
  }

  /** One that has a span although it found nothing, since it took long. */
  private static boolean isSlowRead(Span span) {
    return span.getName().equals("read orders")
        && span.getEndTimeUnixNano() - span.getStartTimeUnixNano() > QUICK_NANOS;
  }

  private static long orders(Span read) {
    return read.getAttributesList().stream()
        .filter(attribute -> attribute.getKey().equals("orderflow.orders"))
        .map(KeyValue::getValue)
        .findFirst()
        .orElseThrow()
        .getIntValue();
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
