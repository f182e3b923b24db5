package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Offsets, tables and settings of earlier releases work; CONTRIBUTING.md says how to record them.
 */
@Timeout(60)
class GoldenDataTest {

  private static final String SETTINGS = "settings.txt";

  private final OrdersSourceConnector connector = new OrdersSourceConnector();
  private final Shop shop = Postgres.newShop();

  @AfterEach
  void dropSlots() {
    shop.dropSlots();
  }

  static Stream<Path> releases() throws IOException {
    return folders(GoldenData.RELEASES);
  }

  static Stream<Path> scenarios() throws IOException {
    return releases()
        .flatMap(
            release -> {
              try {
                return folders(release);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  static Stream<Path> examples() throws IOException {
    return releases()
        .flatMap(
            release ->
                Stream.of("orders-source.json", "orders-source-log.json").map(release::resolve))
        .filter(Files::exists);
  }

  private static Stream<Path> folders(Path parent) throws IOException {
    try (Stream<Path> all = Files.list(parent)) {
      return all.filter(Files::isDirectory).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void captureResumesFromOffsetsWithoutLossOrDuplicates(Path scenario) throws IOException {
    // Given
    Path release = Objects.requireNonNull(scenario.getParent());
    GoldenData recorded = GoldenData.read(scenario);
    ShopHistory history = recorded.replay(release, shop);
    Map<Map<String, ?>, Map<String, ?>> offsets =
        new OtherServer(recorded, history, shop).offsets(GoldenData.offsets(scenario));
    Map<String, String> settings = recorded.settings(release, shop);
    EmittedOrders emitted = new EmittedOrders(recorded.emitted());
    change(2);
    insert(1001);

    // When
    boolean alterable = connector.alterOffsets(settings, new HashMap<>(offsets));
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      emitted.pollUntilComplete(run, shop);
      change(3);
      change(1001);
      insert(1002);
      if (recorded.capturesDeletes()) {
        shop.run("DELETE FROM orders WHERE id = 4");
      }
      emitted.pollUntilComplete(run, shop);
      // A duplicate would be emitted before this order.
      insert(1003);
      emitted.pollUntilComplete(run, shop);
    }

    // Then
    emitted.assertComplete(shop);
    assertTrue(alterable);
  }

  private void change(int id) {
    shop.run("UPDATE orders SET status = 'SHIPPED', version = version + 1 WHERE id = " + id);
  }

  private void insert(int id) {
    shop.run(
        """
        INSERT INTO orders (id, customer, total, currency) VALUES (%1$d, 'c', 1, 'EUR');
        INSERT INTO order_items VALUES (%1$d, 1, 'SKU-1', 1, 1)
        """
            .formatted(id));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void examplesAreAccepted(Path example) throws IOException {
    // Given
    Path release = Objects.requireNonNull(example.getParent());
    shop.runScript(Files.readString(release.resolve("shop.sql")));
    shop.runScript(Files.readString(release.resolve("shop-install.sql")));
    Map<String, String> settings = GoldenData.example(example, shop);

    // When
    List<String> errors =
        connector.validate(settings).configValues().stream()
            .flatMap(value -> value.errorMessages().stream())
            .toList();

    // Then
    assertEquals(List.of(), errors);
  }

  @ParameterizedTest
  @MethodSource("releases")
  void settingsKeepTheirNames(Path release) throws IOException {
    // Given
    TreeSet<String> missing = new TreeSet<>(Files.readAllLines(release.resolve(SETTINGS)));

    // When
    missing.removeAll(connector.config().names());

    // Then
    assertEquals(new TreeSet<>(), missing);
  }
}
