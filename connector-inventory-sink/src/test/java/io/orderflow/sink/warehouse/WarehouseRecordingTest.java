package io.orderflow.sink.warehouse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.common.build.Version;
import io.orderflow.sink.InventorySinkConnector;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.ReleasedWarehouse;
import io.orderflow.sink.fixture.RepositoryFile;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Keeps what users of this version have, for the tests of later ones:
 * -Dorderflow.release.record=true.
 */
@EnabledIfSystemProperty(
    named = "orderflow.release.record",
    matches = "true",
    disabledReason =
        "records golden data: mvn -B test -pl connector-inventory-sink -am"
            + " -Dtest=WarehouseRecordingTest -Dsurefire.failIfNoSpecifiedTests=false"
            + " -Dorderflow.release.record=true")
class WarehouseRecordingTest {

  private static final String SETTINGS =
      """
      {
        "topics": "orders,payment-updates,inventory-updates",
        "topics.inventory": "inventory-updates",
        "audit": "true"
      }
      """;

  private static final String ITEMS = "'items': [%s]";

  private final StringBuilder records = new StringBuilder();
  private long offset;

  @Test
  void recordsATradingDay() throws IOException, SQLException {
    // Given
    Path folder = ReleasedWarehouse.RELEASES.resolve(Version.current());
    ReleasedWarehouse release = new ReleasedWarehouse(folder);
    keepFiles(folder);
    try (WarehouseDatabase database = release.database("before");
        RunningSink sink =
            RunningSink.with(
                release.settings(ReleasedWarehouse.EXAMPLE, database), new FakeSinkContext(true))) {
      // When
      applied();
      apply(release, ReleasedWarehouse.APPLIED, sink, database);
      next();
      apply(release, ReleasedWarehouse.NEXT, sink, database);

      // Then
      assertEquals(List.of(), sink.reported());
      assertEquals(List.of(), database.drift());
    }
  }

  private static void keepFiles(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (String file :
        List.of(
            "sql/warehouse-install.sql",
            "sql/payments-install.sql",
            "sql/audit-install.sql",
            "inventory-sink.json",
            "inventory-sink-dead-letters.json")) {
      Files.writeString(
          folder.resolve(file.substring(file.indexOf('/') + 1)),
          RepositoryFile.read("config-examples/" + file));
    }
    Files.writeString(folder.resolve(ReleasedWarehouse.SETTINGS), SETTINGS);
    Files.write(
        folder.resolve(ReleasedWarehouse.NAMES),
        new TreeSet<>(new InventorySinkConnector().config().names()));
  }

  private void apply(
      ReleasedWarehouse release, String state, RunningSink sink, WarehouseDatabase database)
      throws IOException, SQLException {
    Files.writeString(release.folder().resolve(state + ".json"), "[\n" + records + "\n]\n");
    records.setLength(0);
    sink.put(release.records(state));
    release.keep(database, state);
  }

  private void applied() {
    inventory(9001, 1, "RECEIVE", "A:10", "B:5", "C:3");
    order(1, 1, "PENDING", "A:2");
    order(2, 1, "PAID", "A:3", "B:1");
    order(3, 1, "PENDING", "B:99");
    order(4, 1, "PENDING", "X:1");
    order(5, 1, "PAID", "C:1");
    order(6, 1, "SHIPPED", "A:1");
    order(7, 1, "CANCELLED", "B:1");
    order(8, 1, "PENDING", "C:1");
    payment(1, 1, "AUTHORIZED");
    payment(2, 1, "PAID");
    payment(10, 1, "PAID");
  }

  private void next() {
    order(1, 1, "PENDING", "A:2");
    order(1, 2, "PENDING", "A:1", "B:2");
    order(2, 2, "SHIPPED", "A:3", "B:1");
    order(3, 2, "PENDING", "B:2");
    order(4, 2, "CANCELLED", "X:1");
    order(5, 2, "CANCELLED", "C:1");
    order(7, 2, "PENDING", "B:9");
    record("orders", "8", "null");
    order(10, 1, "PENDING", "A:1");
    inventory(9001, 2, "RECEIVE", "A:10", "B:5", "C:4");
    inventory(6, 2, "RETURN", "A:1");
    payment(1, 2, "PAID");
    payment(2, 1, "REFUNDED");
    payment(11, 1, "PAID");
  }

  private void order(long id, long version, String status, String... items) {
    record(
        "orders",
        Long.toString(id),
        ("{'id': %d, 'version': %d, 'status': '%s', 'total': '19.90', 'currency': 'EUR', "
                + ITEMS
                + "}")
            .formatted(id, version, status, items(items)));
  }

  private void inventory(long id, long version, String intent, String... items) {
    record(
        "inventory-updates",
        Long.toString(id),
        ("{'order_id': %d, 'version': %d, 'intent': '%s', " + ITEMS + "}")
            .formatted(id, version, intent, items(items)));
  }

  private void payment(long id, long version, String status) {
    record(
        "payment-updates",
        Long.toString(id),
        ("{'order_id': %d, 'version': %d, 'status': '%s', 'amount': '19.90', 'currency': 'EUR',"
                + " 'provider': 'acme', 'reference': 'ref-%d'}")
            .formatted(id, version, status, id));
  }

  private static String items(String... items) {
    return String.join(
        ", ",
        Arrays.stream(items)
            .map(item -> item.split(":", 2))
            .map(item -> "{'sku': '%s', 'quantity': %s}".formatted(item[0], item[1]))
            .toList());
  }

  private void record(String topic, String key, String value) {
    records.append(records.isEmpty() ? "" : ",\n");
    records.append(
        ("{'topic': '%s', 'partition': 0, 'offset': %d, 'timestamp': 1795340000000, 'key': %s,"
                + " 'value': %s}")
            .formatted(topic, offset++, key, value)
            .replace('\'', '"'));
  }
}
