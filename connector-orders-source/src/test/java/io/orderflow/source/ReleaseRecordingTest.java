package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.build.Version;
import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Records offsets, tables and settings of this version for the tests of later ones:
 * -Dorderflow.release.record=true.
 */
@EnabledIfSystemProperty(
    named = "orderflow.release.record",
    matches = "true",
    disabledReason =
        "records golden data: mvn -B test -pl connector-orders-source -am"
            + " -Dtest=ReleaseRecordingTest -Dsurefire.failIfNoSpecifiedTests=false"
            + " -Dorderflow.release.record=true")
class ReleaseRecordingTest {

  private static final Path EXAMPLES =
      Path.of(Objects.requireNonNull(System.getProperty("orderflow.root")), "config-examples");
  private static final Path RELEASE = GoldenData.RELEASES.resolve(Version.current());

  private static final Map<String, String> FILES =
      Map.of(
          "sql/shop-example-schema.sql", "shop.sql",
          "sql/shop-install.sql", "shop-install.sql",
          "sql/shop-deletes-install.sql", "shop-deletes-install.sql",
          "orders-source.json", "orders-source.json",
          "orders-source-log.json", "orders-source-log.json");

  private static final String QUERY = "orders-source.json";
  private static final String LOG = "orders-source-log.json";
  private static final String SHOP = "shop.sql";
  private static final String INSTALL = "shop-install.sql";
  private static final String DELETES = "shop-deletes-install.sql";

  private final Shop shop = Postgres.newShop();
  private final GoldenDataRecorder recorder = new GoldenDataRecorder(RELEASE, shop);

  @BeforeAll
  static void recordFilesAndNamesOfSettings() throws IOException {
    Files.createDirectories(RELEASE);
    for (Map.Entry<String, String> file : FILES.entrySet()) {
      Files.writeString(
          RELEASE.resolve(file.getValue()), Files.readString(EXAMPLES.resolve(file.getKey())));
    }
    Files.write(
        RELEASE.resolve("settings.txt"),
        new TreeSet<>(new OrdersSourceConnector().config().names()));
  }

  @AfterEach
  void dropSlots() {
    shop.dropSlots();
  }

  @Test
  void queryInItsSnapshot() throws IOException {
    recorder.begin(QUERY, List.of(SHOP, INSTALL));
    insert(1, 40);
    insert(41, 80);
    recorder.run(Map.of("capture", "query", "batch.max.orders", "20"), 20);
    assertTrue(recorder.emittedCount() < 80, "some orders remain to be emitted");
    recorder.write("query-in-snapshot");
  }

  @Test
  void queryAfterItsSnapshot() throws IOException {
    Map<String, String> settings = Map.of("capture", "query");
    recorder.begin(QUERY, List.of(SHOP, INSTALL));
    insert(1, 20);
    recorder.run(settings, 20);
    change(1);
    change(2);
    insert(21, 22);
    recorder.run(settings, 4);
    recorder.write("query-after-snapshot");
  }

  @Test
  void queryWithDeletes() throws IOException {
    Map<String, String> settings =
        Map.of("capture", "query", "deletes.table", "public.orders_deleted");
    recorder.begin(QUERY, List.of(SHOP, INSTALL, DELETES));
    insert(1, 20);
    recorder.run(settings, 20);
    recorder.transaction("DELETE FROM orders WHERE id IN (7, 8)");
    change(1);
    recorder.run(settings, 3);
    recorder.write("query-deletes");
  }

  @Test
  void logInItsSnapshot() throws IOException {
    Map<String, String> settings =
        Map.of("capture", "log", "snapshot.chunk.size", "10", "snapshot.max.threads", "1");
    recorder.begin(LOG, List.of(SHOP));
    insert(1, 80);
    recorder.publish();
    recorder.slot();
    recorder.run(settings, 10);
    change(5);
    change(70);
    recorder.run(settings, 5);
    assertTrue(recorder.emittedCount() < 80, "some orders remain to be emitted");
    recorder.write("log-in-snapshot");
  }

  @Test
  void logAfterItsSnapshot() throws IOException {
    Map<String, String> settings = Map.of("capture", "log");
    recorder.begin(LOG, List.of(SHOP));
    insert(1, 20);
    recorder.publish();
    recorder.slot();
    recorder.run(settings, 20);
    change(1);
    insert(21, 22);
    recorder.transaction("DELETE FROM orders WHERE id IN (7, 8)");
    recorder.run(settings, 5);
    recorder.write("log-after-snapshot");
  }

  @Test
  void logWithinATransaction() throws IOException {
    Map<String, String> settings = Map.of("capture", "log", "batch.max.orders", "10");
    recorder.begin(LOG, List.of(SHOP));
    insert(1, 20);
    recorder.publish();
    recorder.slot();
    recorder.run(settings, 20);
    change(1);
    insert(21, 50);
    recorder.run(settings, 11);
    assertTrue(recorder.emittedCount() < 50, "some orders of the transaction remain to be emitted");
    recorder.write("log-within-transaction");
  }

  @Test
  void logAfterQuery() throws IOException {
    recorder.begin(LOG, List.of(SHOP, INSTALL));
    insert(1, 20);
    recorder.run(Map.of("capture", "query"), 20);
    change(1);
    recorder.publish();
    recorder.slot();
    Map<String, String> settings = Map.of("capture", "log");
    recorder.run(settings, 1);
    change(2);
    recorder.run(settings, 1);
    recorder.write("log-after-query");
  }

  @Test
  void queryAfterLog() throws IOException {
    recorder.begin(LOG, List.of(SHOP, INSTALL));
    insert(1, 20);
    recorder.publish();
    recorder.slot();
    recorder.run(Map.of("capture", "log"), 20);
    change(1);
    change(2);
    Map<String, String> settings = Map.of("capture", "query");
    recorder.run(settings, 2);
    change(3);
    recorder.run(settings, 1);
    recorder.write("query-after-log");
  }

  private void insert(int from, int to) {
    recorder.transaction(
        """
        INSERT INTO orders (id, customer, total, currency) SELECT n, 'c', n, 'EUR' FROM generate_series(%1$d, %2$d) n;
        INSERT INTO order_items SELECT n, line, 'SKU-' || line, n, 1 FROM generate_series(%1$d, %2$d) n, generate_series(1, 2) line
        """
            .formatted(from, to)
            .strip());
  }

  private void change(int id) {
    recorder.transaction(
        "UPDATE orders SET status = 'PAID', version = version + 1 WHERE id = " + id);
  }
}
