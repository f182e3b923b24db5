package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.Validation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two captures of overlapping tables work side by side, and one continues when the other is
 * removed.
 */
class SideBySideTest {

  private static final String TABLES =
      """
      CREATE TABLE orders (id bigint PRIMARY KEY, status text);
      CREATE TABLE items (id bigint PRIMARY KEY, order_id bigint NOT NULL, parcel_id bigint NOT NULL, text text);
      CREATE TABLE units (id bigint PRIMARY KEY, order_id bigint NOT NULL, text text);
      CREATE TABLE notes (id bigint PRIMARY KEY, order_id bigint NOT NULL, text text);
      CREATE TABLE parcels (id bigint PRIMARY KEY, state text);
      CREATE TABLE stamps (parcel_id bigint, n int, PRIMARY KEY (parcel_id, n));
      INSERT INTO orders VALUES (1, 'NEW');
      INSERT INTO parcels VALUES (2, 'NEW');
      INSERT INTO items VALUES (1, 1, 2, '');
      INSERT INTO units VALUES (1, 1, '');
      INSERT INTO notes VALUES (1, 1, '');
      """;

  /** Changes of all tables, one by one. */
  private static final List<String> CHANGED =
      List.of("orders", "items", "units", "notes", "parcels");

  /**
   * A connector.
   *
   * @param changes the tables whose changes it emits
   */
  private record Connector(String name, Map<String, String> settings, Set<String> changes) {}

  private static final Connector ITEMS =
      new Connector(
          "items",
          Map.of("items.table", "items", "watch.tables", "notes:order_id"),
          Set.of("orders", "items", "notes"));

  private static final Connector UNITS =
      new Connector(
          "units",
          Map.of("items.table", "units", "watch.tables", "notes:order_id"),
          Set.of("orders", "units", "notes"));

  /** Shares all triggers of {@link #ITEMS}, except for those of the notes. */
  private static final Connector SAME =
      new Connector("same", Map.of("items.table", "items"), Set.of("orders", "items"));

  private static final Connector PARCELS =
      new Connector(
          "parcels",
          Map.of(
              "orders.table", "parcels",
              "items.table", "stamps",
              "items.order.id.column", "parcel_id",
              "watch.tables", "items:parcel_id,orders:id>items.order_id:parcel_id"),
          Set.of("orders", "items", "parcels"));

  private static final String INSTALLED =
      """
      SELECT (SELECT count(*) FROM pg_proc WHERE proname LIKE 'orderflow%')
           + (SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'orderflow%')
           + (SELECT count(*) FROM pg_attribute WHERE attname = 'change_xid')
      """;

  private final Shop shop = Postgres.newShop();
  private int step;

  static Stream<Arguments> pairs() {
    return Stream.of("query", "log")
        .flatMap(
            capture ->
                Stream.of(
                    Arguments.of(capture, ITEMS, UNITS),
                    Arguments.of(capture, UNITS, ITEMS),
                    Arguments.of(capture, ITEMS, SAME),
                    Arguments.of(capture, SAME, ITEMS),
                    Arguments.of(capture, ITEMS, PARCELS),
                    Arguments.of(capture, PARCELS, ITEMS)));
  }

  @AfterEach
  void dropSlots() {
    shop.dropSlots();
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void captureContinuesAfterAnotherIsRemoved(String capture, Connector removed, Connector left) {
    // Given
    shop.run(TABLES);
    install(capture, removed);
    install(capture, left);
    assertEquals(Map.of(), Validation.findings(settings(capture, removed)), "Both are installed");

    try (CaptureRun ofLeft = new CaptureRun(settings(capture, left), new HashMap<>())) {
      ofLeft.records(1);
      try (CaptureRun ofRemoved = new CaptureRun(settings(capture, removed), new HashMap<>())) {
        ofRemoved.records(1);
        for (String table : CHANGED) {
          change(table);
          requireChange(capture, ofLeft, left, table);
          requireChange(capture, ofRemoved, removed, table);
        }
      }

      // When
      uninstall(capture, removed, left);

      // Then
      for (String table : CHANGED) {
        change(table);
        requireChange(capture, ofLeft, left, table);
      }
      assertEquals(Map.of(), Validation.findings(settings(capture, left)));
    }

    // When: by the function that the installation has left
    if (capture.equals("query")) {
      List.of("orders", "parcels").forEach(this::uninstallAll);
      assertEquals("0", shop.value(INSTALLED));
    }
  }

  @Test
  void captureThatWatchesAnotherTableLaterIsRegisteredForItsTriggers() {
    // Given
    shop.run(TABLES);
    install("query", ITEMS);
    install("query", SAME);
    Connector watching = new Connector(SAME.name(), ITEMS.settings(), ITEMS.changes());
    String message = Validation.findings(settings("query", watching)).toString();

    // When
    install("query", watching);
    uninstall("query", ITEMS, watching);

    // Then
    assertTrue(message.contains("for the connectors [items] only"), message);
    assertEquals(Map.of(), Validation.findings(settings("query", watching)));
  }

  @Test
  void triggersThatAShippedScriptMentionsOutliveTheirCreator() {
    // Given
    shop.run(TABLES);
    install("query", SAME);
    Connector unnamed = new Connector("", SAME.settings(), SAME.changes());
    shop.runScript(shop.installSql(settings("query", unnamed), "id", OrderIdType.BIGINT).install());
    Map<String, String> other =
        settings("query", new Connector("other", SAME.settings(), SAME.changes()));
    Map<String, List<String>> findings = Validation.findings(other);

    // When
    shop.runScript(shop.installSql(settings("query", SAME), "id", OrderIdType.BIGINT).uninstall());

    // Then
    assertEquals(Map.of(), findings);
    assertEquals(Map.of(), Validation.findings(other));
  }

  /** The column and its index stay with a table that has another name. */
  @ParameterizedTest
  @CsvSource({
    "DROP TABLE items, 0",
    "DROP TABLE orders, 0",
    "DROP TABLE notes, 0",
    "ALTER TABLE items RENAME TO lines, 0",
    "ALTER TABLE orders RENAME TO sales, 2"
  })
  void captureOfATableThatIsGoneIsRemoved(String change, String left) {
    // Given
    shop.run(TABLES);
    install("query", ITEMS);
    shop.run(change);

    // When
    uninstallAll("orders");

    // Then
    assertEquals(left, shop.value(INSTALLED));
  }

  private void uninstallAll(String table) {
    String function =
        shop.value(
            "SELECT coalesce(max(proname), '') FROM pg_proc WHERE proname LIKE 'orderflow\\_uninstall\\_%s\\_%%'"
                .formatted(table));
    if (!function.isEmpty()) {
      shop.run("SELECT public.\"" + function + "\"()");
    }
  }

  private void install(String capture, Connector connector) {
    Map<String, String> settings = settings(capture, connector);
    Validation.runFixes(shop, settings);
    assertEquals(Map.of(), Validation.findings(settings));
    if (capture.equals("log")) {
      // The first start creates the publication.
      try (CaptureRun first = new CaptureRun(settings, new HashMap<>())) {
        first.records(1);
      }
    }
  }

  private void uninstall(String capture, Connector removed, Connector left) {
    if (capture.equals("query")) {
      shop.runScript(
          shop.installSql(settings(capture, removed), "id", OrderIdType.BIGINT).uninstall());
      return;
    }
    shop.run("SELECT pg_drop_replication_slot('%s')".formatted(slot(removed)));
    Set<String> unneeded = new TreeSet<>(removed.changes());
    unneeded.removeAll(left.changes());
    unneeded.forEach(table -> shop.run("ALTER PUBLICATION orderflow DROP TABLE " + table));
  }

  private void change(String table) {
    step++;
    shop.run(
        "UPDATE %s SET %s = '%d'"
            .formatted(
                table,
                switch (table) {
                  case "orders" -> "status";
                  case "parcels" -> "state";
                  default -> "text";
                },
                step));
  }

  /** Query captures of one orders table see what the triggers of the other write to it. */
  private static void requireChange(
      String capture, CaptureRun run, Connector connector, String table) {
    if (connector.changes().contains(table)) {
      assertEquals(1, run.records(1).size());
    } else if (capture.equals("log")) {
      assertEquals(0, run.records(0).size());
    } else {
      run.poll();
    }
  }

  private Map<String, String> settings(String capture, Connector connector) {
    Map<String, String> more = new HashMap<>(connector.settings());
    more.put("name", connector.name());
    more.put("capture", capture);
    if (capture.equals("log")) {
      more.put("slot.name", slot(connector));
      return shop.logSettings(more);
    }
    return shop.settings(more);
  }

  private String slot(Connector connector) {
    return shop.value("SELECT current_database()") + "_" + connector.name();
  }
}
