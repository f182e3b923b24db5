package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.Validation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The SQL of a finding makes the tables usable, and neither it nor the publication makes PostgreSQL
 * refuse a statement that the application ran before.
 */
class ReplicaIdentityAdviceTest {

  private static final String ORDERS =
      "CREATE TABLE orders (id bigint PRIMARY KEY, status text NOT NULL)";
  private static final String ITEM_COLUMNS =
      "order_id bigint NOT NULL, sku text NOT NULL, quantity int NOT NULL";

  /** No replica identity helps. */
  private static final String IMPOSSIBLE = "capture=query";

  private static final List<String> STATEMENTS =
      List.of(
          "INSERT INTO orders VALUES (%d, 'NEW')",
          "INSERT INTO order_items (order_id, sku, quantity) VALUES (%1$d, 'a', 1), (%1$d, 'b', 2)",
          "UPDATE orders SET status = 'PAID' WHERE id = %d",
          "UPDATE order_items SET quantity = quantity + 10 WHERE order_id = %d",
          "UPDATE order_items SET order_id = -order_id WHERE order_id = %d AND sku = 'b'",
          "DELETE FROM order_items WHERE order_id = %d",
          "DELETE FROM orders WHERE id = %d");

  private final Shop shop = Postgres.newShop();

  @AfterEach
  void dropSlots() {
    shop.dropSlots();
  }

  /**
   * A kind of items table.
   *
   * @param minVersion the first major version of PostgreSQL that has it
   * @param sql creates the items, and publications that exist before
   * @param fix what the finding must contain; empty if nothing may be found
   */
  private record Kind(String name, int minVersion, String sql, String fix) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Kind> kinds() {
    return Stream.of(
            kind("the key contains the order ID", "PRIMARY KEY (order_id, sku)", "", ""),
            kind("a key of its own", "id bigserial PRIMARY KEY", "", "CREATE UNIQUE INDEX"),
            kind(
                "a key of its own, and a unique index of the order ID",
                "id bigserial PRIMARY KEY, UNIQUE (order_id, sku)",
                "",
                "USING INDEX \"order_items_order_id_sku_key\""),
            kind(
                "a deferrable key",
                "id bigserial, PRIMARY KEY (order_id, id) DEFERRABLE",
                "",
                "IDENTITY FULL"),
            kind(
                "identity NOTHING",
                "PRIMARY KEY (order_id, sku)",
                "ALTER TABLE order_items REPLICA IDENTITY NOTHING",
                "IDENTITY DEFAULT"),
            kind("no key", "id bigserial", "", "IDENTITY FULL"),
            kind(
                "an order ID that may be null",
                "id bigserial PRIMARY KEY",
                "ALTER TABLE order_items ALTER order_id DROP NOT NULL",
                "IDENTITY FULL"),
            kind(
                "a stored generated column",
                "id bigserial PRIMARY KEY, twice int GENERATED ALWAYS AS (quantity * 2) STORED",
                "",
                "CREATE UNIQUE INDEX"),
            kind(
                "a stored generated column and no key",
                "twice int GENERATED ALWAYS AS (quantity * 2) STORED",
                "",
                "IDENTITY FULL"),
            kind(
                "a stored generated column, no key, and a publication",
                "twice int GENERATED ALWAYS AS (quantity * 2) STORED",
                "CREATE PUBLICATION orderflow FOR TABLE orders, order_items",
                "IDENTITY FULL"),
            kind(
                "a unique index on a generated column",
                "twice int GENERATED ALWAYS AS (quantity * 2) STORED NOT NULL, UNIQUE (order_id, twice), id bigserial PRIMARY KEY",
                "",
                "CREATE UNIQUE INDEX"),
            kind(
                18,
                "a virtual generated column",
                "id bigserial PRIMARY KEY, twice int GENERATED ALWAYS AS (quantity * 2) VIRTUAL",
                "",
                "CREATE UNIQUE INDEX"),
            kind(
                18,
                "a virtual generated column and identity FULL",
                "id bigserial PRIMARY KEY, twice int GENERATED ALWAYS AS (quantity * 2) VIRTUAL",
                "ALTER TABLE order_items REPLICA IDENTITY FULL",
                "CREATE UNIQUE INDEX"),
            kind(
                15,
                "another publication with a row filter",
                "id bigserial PRIMARY KEY, UNIQUE (order_id, sku)",
                "CREATE PUBLICATION other FOR TABLE order_items WHERE (id > 0)",
                "CREATE UNIQUE INDEX"),
            kind(
                15,
                "another publication with a column list",
                "id bigserial PRIMARY KEY",
                "CREATE PUBLICATION other FOR TABLE order_items (id, order_id)",
                "CREATE UNIQUE INDEX"),
            kind(
                15,
                "another publication without the order ID",
                "id bigserial PRIMARY KEY",
                "CREATE PUBLICATION other FOR TABLE order_items (id, sku)",
                IMPOSSIBLE),
            kind(
                18,
                "a virtual generated column and no key",
                "twice int GENERATED ALWAYS AS (quantity * 2) VIRTUAL",
                "",
                IMPOSSIBLE),
            kind(
                18,
                "a stored generated column, no key, and another publication",
                "twice int GENERATED ALWAYS AS (quantity * 2) STORED",
                "ALTER TABLE order_items REPLICA IDENTITY NOTHING; CREATE PUBLICATION other FOR TABLE order_items WITH (publish = 'update')",
                IMPOSSIBLE))
        .filter(kind -> kind.minVersion() <= Postgres.majorVersion());
  }

  private static Kind kind(String name, String columns, String more, String fix) {
    return kind(0, name, columns, more, fix);
  }

  private static Kind kind(int version, String name, String columns, String more, String fix) {
    return new Kind(
        name,
        version,
        "CREATE TABLE order_items (%s, %s); CREATE INDEX ON order_items (order_id); %s"
            .formatted(ITEM_COLUMNS, columns, more),
        fix);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void adviceMakesTheTableUsableAndHarmsNoStatement(Kind kind) {
    // Given
    shop.run(ORDERS + ";" + kind.sql());
    List<String> refusedBefore = refused(1);

    // When
    List<String> findings = findings();
    boolean fixable = !kind.fix().equals(IMPOSSIBLE);
    if (fixable) {
      findings.forEach(this::runFix);
    }

    // Then
    assertEquals(kind.fix().isEmpty() ? 0 : 1, findings.size(), findings.toString());
    assertTrue(findings.toString().contains(kind.fix()), findings.toString());
    assertTrue(refusedBefore.containsAll(refused(2)));
    if (fixable) {
      assertEquals(List.of(), findings());
      assertEquals(
          List.of(
              "3 NEW",
              "3 NEW a:1 b:2",
              "3 PAID a:1 b:2",
              "3 PAID a:11 b:12",
              "3 PAID a:11",
              "3 PAID",
              "3"),
          captured(3));
      assertEquals(List.of(), findings());
    }
  }

  @Test
  void taskWithoutValidationPublishesNoTableThatWouldRefuseChanges() {
    // Given
    shop.run(
        ORDERS
            + "; CREATE TABLE order_items (%s); CREATE INDEX ON order_items (order_id)"
                .formatted(ITEM_COLUMNS));

    // When
    ConnectException failure;
    try (CaptureRun run = new CaptureRun(shop.logSettings(Map.of()), new HashMap<>())) {
      failure = assertThrows(ConnectException.class, run::poll);
    }

    // Then
    assertTrue(String.valueOf(failure.getMessage()).contains("IDENTITY FULL"), failure.toString());
    assertEquals(List.of(), refused(1));
  }

  /** Runs the application's statements, and returns those that PostgreSQL refuses. */
  private List<String> refused(int order) {
    List<String> refused = new ArrayList<>();
    for (String sql : STATEMENTS) {
      try {
        shop.run(sql.formatted(order));
      } catch (IllegalStateException e) {
        refused.add(sql);
      }
    }
    return refused;
  }

  /** Captures each of the application's statements, which all succeed. */
  private List<String> captured(int order) {
    List<String> captured = new ArrayList<>();
    try (CaptureRun run = new CaptureRun(shop.logSettings(Map.of()), new HashMap<>())) {
      run.records(0);
      for (String sql : STATEMENTS) {
        shop.run(sql.formatted(order));
        while (captured.size() <= STATEMENTS.indexOf(sql)) {
          run.poll().forEach(record -> captured.add(text(record)));
        }
      }
    }
    return captured;
  }

  private static String text(SourceRecord record) {
    if (!(record.value() instanceof Struct order)) {
      return record.key().toString();
    }
    return order.<Struct>getArray("items").stream()
        .map(item -> " " + item.get("sku") + ":" + item.get("quantity"))
        .sorted()
        .collect(Collectors.joining("", record.key() + " " + order.get("status"), ""));
  }

  private void runFix(String message) {
    message.substring(message.indexOf(":\n") + 2).lines().forEach(shop::run);
  }

  private List<String> findings() {
    return Validation.findings(shop.logSettings(Map.of())).values().stream()
        .flatMap(List::stream)
        .toList();
  }
}
