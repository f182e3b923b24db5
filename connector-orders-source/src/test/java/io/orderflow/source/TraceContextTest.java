package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.orderflow.source.fixture.Shop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

class TraceContextTest {

  private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  private final Shop shop = Shop.installed();
  private final Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();

  @Test
  void traceContextIsAHeaderAndNotAField() {
    // Given
    shop.run("ALTER TABLE orders ADD COLUMN trace varchar(60)");
    shop.run("INSERT INTO orders VALUES (1, 'NEW', 1, DEFAULT, '%s')".formatted(TRACE));

    try (CaptureRun run = run()) {
      // When
      SourceRecord record = run.records(1).get(0);

      // Then
      assertEquals(TRACE, record.headers().lastWithName("traceparent").value());
      assertNull(((Struct) record.value()).schema().field("trace"));
    }
  }

  @Test
  void orderWithoutValidTraceContextHasNoHeader() {
    // Given
    shop.run("ALTER TABLE orders ADD COLUMN trace text");
    List<String> wrong =
        List.of(
            "NULL",
            "''",
            "'" + TRACE.toUpperCase(java.util.Locale.ROOT) + "'",
            "'" + TRACE.replaceFirst("00", "ff") + "'",
            "'" + TRACE + "-x'",
            "'00-00000000000000000000000000000000-00f067aa0ba902b7-01'");

    try (CaptureRun run = run()) {
      for (int id = 0; id < wrong.size(); id++) {
        // When
        shop.run(
            "INSERT INTO orders VALUES (%d, 'NEW', 1, DEFAULT, %s)".formatted(id, wrong.get(id)));

        // Then
        assertNull(run.records(1).get(0).headers().lastWithName("traceparent"), wrong.get(id));
      }
    }
  }

  private CaptureRun run() {
    return new CaptureRun(shop.settings(Map.of("traceparent.column", "trace")), offsets);
  }
}
