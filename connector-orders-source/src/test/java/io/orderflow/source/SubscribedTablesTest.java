package io.orderflow.source;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.Validation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The shop's tables are copies that a subscription keeps up to date. */
class SubscribedTablesTest {

  private final Shop origin = Shop.withTables();
  private final Shop copy = Shop.withTables();

  /** Both databases are on one server, where a subscription cannot create its own slot. */
  private void subscribe() {
    String slot = origin.value("SELECT current_database()") + "_copy";
    origin.run("CREATE PUBLICATION copied FOR TABLE orders, order_items");
    origin.run("SELECT pg_create_logical_replication_slot('%s', 'pgoutput')".formatted(slot));
    copy.run(
        "CREATE SUBSCRIPTION copy CONNECTION '%s' PUBLICATION copied WITH (create_slot = false, slot_name = '%s')"
            .formatted(
                origin
                    .url()
                    .replace("jdbc:", "")
                    .replace("postgresql://", "postgresql://postgres@"),
                slot));
    await()
        .until(
            () ->
                copy.value("SELECT count(*) FROM pg_subscription_rel WHERE srsubstate = 'r'")
                    .equals("2"));
  }

  @AfterEach
  void unsubscribe() {
    copy.run("ALTER SUBSCRIPTION copy DISABLE");
    copy.run("ALTER SUBSCRIPTION copy SET (slot_name = NONE)");
    copy.run("DROP SUBSCRIPTION copy");
    await()
        .ignoreExceptions()
        .until(
            () -> {
              origin.dropSlots();
              return origin
                  .value(
                      "SELECT count(*) FROM pg_replication_slots WHERE database = current_database()")
                  .equals("0");
            });
  }

  @Test
  void changesOfItemsThatASubscriptionAppliesAreCaptured() {
    // Given
    subscribe();
    copy.install(Map.of(), "id", OrderIdType.BIGINT);
    Map<String, String> settings = copy.settings(Map.of());
    assertEquals(Map.of(), Validation.findings(settings));
    origin.run("INSERT INTO orders VALUES (7, 'NEW', 1)");
    try (CaptureRun run = new CaptureRun(settings, new HashMap<>())) {
      run.recordsUntil("7 NEW");

      // When
      origin.run("INSERT INTO order_items VALUES (7, 1, 'A', 10)");
      origin.run("UPDATE order_items SET quantity = 11");

      // Then
      List<Integer> quantities = new ArrayList<>();
      await()
          .untilAsserted(
              () -> {
                run.poll().forEach(record -> quantities.addAll(quantities(record)));
                assertEquals(11, quantities.isEmpty() ? 0 : quantities.get(quantities.size() - 1));
              });
    }
  }

  private static List<Integer> quantities(SourceRecord order) {
    return ((Struct) order.value())
        .<Struct>getArray("items").stream().map(item -> item.getInt32("quantity")).toList();
  }

  @Test
  void triggersForStatementsAreReplacedOnceTheTableIsSubscribed() {
    // Given
    copy.install(Map.of(), "id", OrderIdType.BIGINT);
    Map<String, String> settings = copy.settings(Map.of());

    // When
    subscribe();

    // Then
    assertEquals(List.of("items.table"), List.copyOf(Validation.findings(settings).keySet()));
    copy.install(Map.of(), "id", OrderIdType.BIGINT);
    assertEquals(Map.of(), Validation.findings(settings));
  }
}
