package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.common.fixture.TcpProxy;
import io.orderflow.source.fixture.Shop;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** PostgreSQL is unavailable for longer than a Kafka transaction waits for deferred versions. */
@Timeout(60)
class LongOutageTest {

  /** After which a Kafka transaction is committed even if versions are deferred. */
  private static final Duration MAX_DURATION = Duration.ofSeconds(5);

  private static final List<Object> ALL_THREE = List.of(1L, 2L, 3L);

  private final Shop shop = Shop.withTables();
  private TcpProxy proxy;
  private Instant now = Instant.EPOCH;

  @BeforeEach
  void open() throws IOException {
    proxy = TcpProxy.to(URI.create(shop.url().substring("jdbc:".length())).getPort());
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    shop.dropSlots();
  }

  @Test
  void kafkaTransactionWaitsForDeferredVersionsNoLongerThanWithoutAnOutage() throws IOException {
    // Given
    shop.run("ALTER TABLE orders ADD version bigint NOT NULL DEFAULT 1");
    try (CommittedRun run =
        start(3, Map.of("batch.max.orders", "2", "version.column", "version"))) {
      shop.run("UPDATE orders SET version = version + 1 WHERE id IN (1, 2)");
      shop.run("UPDATE orders SET version = version + 1 WHERE id IN (1, 3)");
      assertEquals(1, run.part());
      assertEquals(List.of(2L), run.open(), "Order 1 is deferred to the later transaction");

      // When
      proxy.goAway();
      awaitFailure(run);
      now = now.plus(MAX_DURATION).minusMillis(1);
      awaitFailure(run);

      // Then
      assertEquals(List.of(ALL_THREE), run.committed(), "The open transaction outlasts the outage");

      // When
      now = now.plusMillis(1);
      awaitFailure(run);

      // Then
      assertEquals(List.of(ALL_THREE, List.of(2L)), run.committed());

      // When
      proxy.comeBack();
      run.awaitCommitted(3);

      // Then
      assertEquals(List.of(ALL_THREE, List.of(2L), List.of(1L, 3L)), run.committed());
      assertNothingMore(run);
    }
  }

  @Test
  void databaseTransactionIsNeverSplitByAnOutage() throws IOException {
    // Given
    List<Object> all = LongStream.rangeClosed(1, 25).<Object>mapToObj(id -> id).toList();
    try (CommittedRun run = start(25, Map.of("batch.max.orders", "10"))) {
      shop.run("UPDATE orders SET status = 'PAID'");
      assertEquals(10, run.part());

      // When
      proxy.goAway();
      awaitFailure(run);
      now = now.plus(MAX_DURATION.multipliedBy(100));
      awaitFailure(run);

      // Then
      assertEquals(List.of(all), run.committed());

      // When
      proxy.comeBack();
      run.awaitCommitted(2);

      // Then
      assertEquals(List.of(all, all), run.committed());
      assertNothingMore(run);
    }
  }

  /**
   * Captures from the log through the proxy until the initial snapshot has emitted so many orders.
   */
  private CommittedRun start(int orders, Map<String, String> settings) {
    shop.run(
        "INSERT INTO orders SELECT n, 'NEW', n FROM generate_series(1, %d) n".formatted(orders));
    Map<String, String> all = new HashMap<>(shop.logSettings(settings));
    String url = shop.url();
    all.put("database.url", proxy.url() + url.substring(url.lastIndexOf('/') + 1));
    all.put("database.connection.timeout.ms", "250");
    CommittedRun run = new CommittedRun(all, () -> now);
    run.awaitCommitted(1);
    return run;
  }

  /** Polls until one more attempt to read has failed. */
  private static void awaitFailure(CommittedRun run) {
    double failures = run.metric("retries-total");
    for (int i = 0; i < 10_000 && run.metric("retries-total") == failures; i++) {
      run.poll();
    }
    assertEquals(failures + 1, run.metric("retries-total"));
  }

  private static void assertNothingMore(CommittedRun run) {
    assertEquals(List.of(), run.poll());
    assertEquals(List.of(), run.open());
  }
}
