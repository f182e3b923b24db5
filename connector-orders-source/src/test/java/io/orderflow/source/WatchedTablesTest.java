package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.Validation;
import io.orderflow.source.schema.OrderIdColumns;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A change of a watched table emits the orders to which its rows belong, before and after it. */
class WatchedTablesTest {

  /**
   * The tables of a shop.
   *
   * @param tables the statements that create them
   * @param settings the connector's settings
   * @param names of notes, shipments and lines, in SQL
   * @param composite whether an order ID has two columns
   */
  private record Watching(
      String name,
      String tables,
      Map<String, String> settings,
      List<String> names,
      boolean composite) {

    /** A statement with these names, and with whole order IDs in the place of {@code <1>}. */
    String sql(String step) {
      String sql = step;
      List<String> plain = List.of("notes", "shipments", "lines");
      for (int i = 0; i < plain.size(); i++) {
        sql = sql.replaceAll("\\b" + plain.get(i) + "\\b", names.get(i).replace("$", "\\$"));
      }
      return composite ? sql.replaceAll("<(\\w+)>", "7, $1") : sql.replaceAll("<(\\w+)>", "$1");
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** Statements in one transaction, and the orders that they emit. */
  private record Step(String sql, Set<String> orders) {}

  private static final List<Step> STEPS =
      List.of(
          new Step("INSERT INTO notes VALUES (1, <1>, 'a')", Set.of("1")),
          new Step(
              "INSERT INTO shipments VALUES (1, <1>, 'new'), (2, <3>, 'new')", Set.of("1", "3")),
          new Step("INSERT INTO lines VALUES (1, 1, 'a'), (2, 2, 'b')", Set.of("1", "3")),
          new Step("UPDATE lines SET text = 'c' WHERE id = 1", Set.of("1")),
          new Step("UPDATE shipments SET order_id = 2 WHERE id = 1", Set.of("1", "2")),
          new Step("UPDATE lines SET shipment_id = 2 WHERE id = 1", Set.of("2", "3")),
          new Step(
              "UPDATE lines SET text = 'd' WHERE id = 1; DELETE FROM lines WHERE id = 1; DELETE FROM shipments WHERE id = 2",
              Set.of("3")),
          new Step(
              "DELETE FROM lines WHERE id = 2; DELETE FROM shipments WHERE id = 1", Set.of("2")),
          new Step("INSERT INTO notes VALUES (2, <NULL>, 'b'), (3, <9>, 'c')", Set.of()),
          new Step("UPDATE notes SET order_id = 3 WHERE id = 2", Set.of("3")),
          new Step("UPDATE notes SET order_id = 1, id = id + 10 WHERE id = 2", Set.of("1", "3")),
          new Step("INSERT INTO lines VALUES (5, 50, 'before its shipment')", Set.of()),
          new Step("INSERT INTO shipments VALUES (50, <2>, 'new')", Set.of("2")),
          new Step("UPDATE orders SET status = 'PAID'", Set.of("1", "2", "3")),
          new Step("DELETE FROM notes WHERE order_id = 1", Set.of("1")));

  private static final String PLAIN =
      """
      CREATE TABLE orders (id bigint PRIMARY KEY, status text);
      CREATE TABLE order_items (order_id bigint, line_no int, PRIMARY KEY (order_id, line_no));
      CREATE TABLE notes (id bigint PRIMARY KEY, order_id bigint, text text);
      CREATE TABLE shipments (id bigint PRIMARY KEY, order_id int NOT NULL, state text);
      CREATE TABLE lines (id bigint PRIMARY KEY, shipment_id int, text text);
      """;

  private static final String WATCH = "notes:order_id, lines:shipment_id>shipments.id:order_id";

  static Stream<Arguments> captures() {
    return Stream.of(
            new Watching(
                "plain",
                PLAIN,
                Map.of("watch.tables", WATCH),
                List.of("notes", "shipments", "lines"),
                false),
            new Watching(
                "without items",
                PLAIN,
                Map.of("watch.tables", WATCH, "items.table", ""),
                List.of("notes", "shipments", "lines"),
                false),
            new Watching(
                "quoted",
                PLAIN
                    .replace("notes", "\"my shop\".\"No,tes: $$ %s\"")
                    .replace("shipments", "\"my shop\".\"a>\"\"b\"")
                    .replace("lines", "\"my shop\".\"Lines.\"")
                    .replaceFirst("^", "CREATE SCHEMA \"my shop\";"),
                Map.of(
                    "watch.tables",
                    "\"my shop\".\"No,tes: $$ %s\":\"order_id\",\"my shop\".\"Lines.\" : shipment_id > \"my shop\".\"a>\"\"b\".\"id\":order_id"),
                List.of(
                    "\"my shop\".\"No,tes: $$ %s\"",
                    "\"my shop\".\"a>\"\"b\"", "\"my shop\".\"Lines.\""),
                false),
            new Watching(
                "partitioned",
                PLAIN
                    .replace(
                        "notes (id bigint PRIMARY KEY, order_id bigint, text text)",
                        "notes (id bigint, order_id bigint, text text) PARTITION BY RANGE (id);"
                            + "CREATE TABLE n1 PARTITION OF notes FOR VALUES FROM (0) TO (10);"
                            + "CREATE TABLE n2 (text text, order_id bigint, id bigint NOT NULL);"
                            + "ALTER TABLE notes ATTACH PARTITION n2 FOR VALUES FROM (10) TO (20)")
                    .replace(
                        "id bigint PRIMARY KEY, order_id int NOT NULL, state text)",
                        "id bigint, order_id int NOT NULL, state text, PRIMARY KEY (id, order_id)) PARTITION BY HASH (order_id);"
                            + "CREATE TABLE s0 PARTITION OF shipments FOR VALUES WITH (MODULUS 2, REMAINDER 0);"
                            + "CREATE TABLE s1 PARTITION OF shipments FOR VALUES WITH (MODULUS 2, REMAINDER 1)"),
                Map.of("watch.tables", WATCH),
                List.of("notes", "shipments", "lines"),
                false),
            new Watching(
                "composite",
                """
                CREATE TABLE orders (shop int, id bigint, status text, PRIMARY KEY (shop, id));
                CREATE TABLE order_items (shop int, order_id bigint, line_no int, PRIMARY KEY (shop, order_id, line_no));
                CREATE TABLE notes (id bigint PRIMARY KEY, shop int, order_id bigint, text text);
                CREATE TABLE shipments (id bigint PRIMARY KEY, shop int, order_id bigint, state text);
                CREATE TABLE lines (id bigint PRIMARY KEY, shipment_id int, text text);
                """,
                Map.of(
                    "orders.id.column", "shop,id",
                    "items.order.id.column", "shop,order_id",
                    "watch.tables",
                        "notes:shop,order_id,lines:shipment_id>shipments.id:shop,order_id"),
                List.of("notes", "shipments", "lines"),
                true))
        .flatMap(
            watching -> Stream.of("query", "log").map(capture -> Arguments.of(watching, capture)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("captures")
  void changeOfAWatchedTableEmitsItsOrders(Watching watching, String capture) {
    // Given
    Shop shop = Postgres.newShop();
    shop.run(watching.tables());
    shop.run(watching.sql("INSERT INTO orders VALUES (<1>, 'NEW'), (<2>, 'NEW'), (<3>, 'NEW')"));
    Map<String, String> more = new HashMap<>(watching.settings());
    more.put("capture", capture);
    Map<String, String> settings =
        capture.equals("log") ? shop.logSettings(more) : shop.settings(more);
    Validation.runFixes(shop, settings);
    assertEquals(Map.of(), Validation.findings(settings));

    try (CaptureRun run = new CaptureRun(settings, new HashMap<>())) {
      run.records(3);
      for (Step step : STEPS) {
        // When
        shop.run(watching.sql(step.sql()));

        // Then
        List<SourceRecord> records = run.records(step.orders().size());
        assertEquals(step.orders(), orders(records), step.sql());
      }
      if (capture.equals("query")) {
        shop.run(watching.sql("TRUNCATE shipments"));
        assertEquals(Set.of("2"), orders(run.records(1)));
        // An entry that is removed before the uninstallation must not harm the shop's statements.
        Map<String, String> last = new HashMap<>(settings);
        last.remove("watch.tables");
        shop.runScript(shop.installSql(last, ids(watching)).uninstall());
        shop.run(watching.sql("INSERT INTO shipments VALUES (1, <1>, 'new')"));
        assertEquals(
            "0",
            shop.value(
                "SELECT (SELECT count(*) FROM pg_proc WHERE proname LIKE 'orderflow%') + (SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'orderflow%')"));
      }
    }
    shop.dropSlots();
  }

  @ParameterizedTest
  @ValueSource(strings = {"query", "log"})
  void pathLeadsThroughItemsAndEndsInOrders(String capture) {
    // Given
    Shop shop = Postgres.newShop();
    shop.run(
        """
        CREATE TABLE addresses (id int PRIMARY KEY, text text);
        CREATE TABLE variants (id text PRIMARY KEY, sku text);
        CREATE TABLE orders (id uuid PRIMARY KEY, address_id bigint);
        CREATE TABLE order_items (order_id uuid, line_no int, variant_id varchar(9), PRIMARY KEY (order_id, line_no));
        CREATE INDEX ON orders (address_id);
        CREATE INDEX ON order_items (variant_id);
        INSERT INTO addresses VALUES (1, 'a'), (2, 'b');
        INSERT INTO variants VALUES ('a:1', 'S'), ('b', 'M');
        INSERT INTO orders SELECT ('00000000-0000-0000-0000-00000000000' || n)::uuid, n FROM generate_series(1, 3) AS n;
        INSERT INTO order_items SELECT id, 1, CASE address_id WHEN 3 THEN 'b' ELSE 'a:1' END FROM orders;
        """);
    Map<String, String> more =
        Map.of(
            "capture",
            capture,
            "watch.tables",
            "variants:id>order_items.variant_id:order_id, addresses:id>orders.address_id:id");
    Map<String, String> settings =
        capture.equals("log") ? shop.logSettings(more) : shop.settings(more);
    Validation.runFixes(shop, settings);
    assertEquals(Map.of(), Validation.findings(settings));
    try (CaptureRun run = new CaptureRun(settings, new HashMap<>())) {
      run.records(3);
      for (Step step :
          List.of(
              new Step("UPDATE variants SET sku = 'L'", Set.of("1", "2", "3")),
              new Step("UPDATE variants SET sku = 'XL' WHERE id = 'a:1'", Set.of("1", "2")),
              new Step("UPDATE addresses SET text = 'c' WHERE id = 2", Set.of("2")),
              new Step("UPDATE order_items SET line_no = 2 WHERE variant_id = 'b'", Set.of("3")))) {
        // When
        shop.run(step.sql());

        // Then
        Set<String> emitted = new TreeSet<>();
        orders(run.records(step.orders().size()))
            .forEach(id -> emitted.add(id.substring(id.length() - 1)));
        assertEquals(step.orders(), emitted, step.sql());
      }
    }
    shop.dropSlots();
  }

  @ParameterizedTest
  @ValueSource(strings = {"query", "log"})
  void eventShowsTheWatchedTablesThatAViewJoins(String capture) {
    // Given
    Shop shop = Postgres.newShop();
    shop.run(PLAIN);
    shop.run(
        """
        CREATE INDEX ON shipments (order_id);
        CREATE INDEX ON lines (shipment_id);
        CREATE VIEW order_view AS
          SELECT o.id, o.status, (SELECT string_agg(l.text, ',' ORDER BY l.id)
            FROM shipments AS s JOIN lines AS l ON l.shipment_id = s.id WHERE s.order_id = o.id) AS shipped
          FROM orders AS o;
        INSERT INTO orders VALUES (1, 'NEW'), (2, 'NEW');
        """);
    Map<String, String> more =
        Map.of("capture", capture, "watch.tables", WATCH, "orders.view", "order_view");
    Map<String, String> settings =
        capture.equals("log") ? shop.logSettings(more) : shop.settings(more);
    Validation.runFixes(shop, settings);
    assertEquals(Map.of(), Validation.findings(settings));
    try (CaptureRun run = new CaptureRun(settings, new HashMap<>())) {
      run.records(2);
      for (Step step :
          List.of(
              new Step("INSERT INTO shipments VALUES (1, 1, 'new')", Set.of("1 null")),
              new Step("INSERT INTO lines VALUES (1, 1, 'a'), (2, 1, 'b')", Set.of("1 a,b")),
              new Step("UPDATE lines SET text = 'c' WHERE id = 1", Set.of("1 c,b")),
              new Step("UPDATE shipments SET order_id = 2", Set.of("1 null", "2 c,b")),
              new Step(
                  "UPDATE orders SET status = 'PAID' WHERE id = 2; DELETE FROM lines WHERE id = 1",
                  Set.of("2 b")),
              new Step("DELETE FROM lines; DELETE FROM shipments", Set.of("2 null")))) {
        // When
        shop.run(step.sql());

        // Then
        Set<String> emitted = new TreeSet<>();
        for (SourceRecord record : run.records(step.orders().size())) {
          emitted.add(record.key() + " " + ((Struct) record.value()).get("shipped"));
        }
        assertEquals(step.orders(), emitted, step.sql());
      }
    }
    shop.dropSlots();
  }

  @ParameterizedTest
  @ValueSource(strings = {"query", "log"})
  void ordersOfRowsInAnAttachedPartitionAreEmitted(String capture) {
    // Given
    Shop shop = Postgres.newShop();
    shop.run(
        PLAIN
            .replace("text text);", "text text) PARTITION BY RANGE (id);")
            .replace("id bigint PRIMARY KEY, order_id bigint,", "id bigint, order_id bigint,"));
    shop.run(
        """
        CREATE TABLE notes_1 PARTITION OF notes FOR VALUES FROM (0) TO (10);
        CREATE TABLE lines_1 PARTITION OF lines FOR VALUES FROM (0) TO (10);
        INSERT INTO orders VALUES (1, 'NEW'), (2, 'NEW'), (3, 'NEW');
        INSERT INTO shipments VALUES (7, 3, 'NEW');
        """);
    Map<String, String> more = Map.of("capture", capture, "watch.tables", WATCH);
    Map<String, String> settings =
        capture.equals("log") ? shop.logSettings(more) : shop.settings(more);
    Validation.runFixes(shop, settings);
    assertEquals(Map.of(), Validation.findings(settings));
    Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      run.records(3);
    }

    // When
    shop.run(
        """
        CREATE TABLE notes_2 (id bigint, text text, order_id bigint);
        CREATE TABLE lines_2 (LIKE lines INCLUDING INDEXES);
        ALTER TABLE notes_2 REPLICA IDENTITY FULL;
        ALTER TABLE lines_2 REPLICA IDENTITY FULL;
        INSERT INTO notes_2 VALUES (10, '', 2);
        INSERT INTO lines_2 VALUES (10, 7, '');
        ALTER TABLE notes ATTACH PARTITION notes_2 FOR VALUES FROM (10) TO (20);
        ALTER TABLE lines ATTACH PARTITION lines_2 FOR VALUES FROM (10) TO (20);
        """);

    // Then
    if (capture.equals("query")) {
      try (CaptureRun run = new CaptureRun(settings, offsets)) {
        ConnectException failure = assertThrows(ConnectException.class, () -> run.records(1));
        assertTrue(String.valueOf(failure.getMessage()).contains("was attached to public."));
      }
      shop.install(settings, "id", OrderIdType.BIGINT);
    }
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      assertEquals(Set.of("2", "3"), orders(run.records(2)));
      shop.run("UPDATE lines SET text = 'a' WHERE id = 10");
      assertEquals(Set.of("3"), orders(run.records(1)));
      if (capture.equals("query")) {
        shop.run("TRUNCATE notes_2");
        assertEquals(Set.of("2"), orders(run.records(1)));
      }
    }
    shop.dropSlots();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "nothing:order_id | this database has no table \"public\".\"nothing\"",
        "notes:missing | public.notes has no column missing; its columns are [id, order_id, text]",
        "notes:text | the column text of public.notes has the type text, whose values have other texts than those of id in public.orders",
        "notes:order_id,id | 2 columns of public.notes are named, [order_id, id], but the order ID has the columns [id]",
        "lines:text>shipments.id:order_id | the column text of public.lines has the type text, and the column id of public.shipments, in which its values are looked up, has the type int8",
        "lines:shipment_id>orders.id:status | leads through the orders table, whose order ID is [id]; end it with public.orders:id",
        "lines:shipment_id>shipments.order_id:id | public.shipments has no index that begins with order_id:",
        "notes:order_id | the replica identity of public.notes has [id] and not order_id, so the log would not contain the order ID of deleted rows",
      })
  void unusableWatchedTablesAreRefused(String setting, String expected) {
    // Given
    Shop shop = Postgres.newShop();
    shop.run(PLAIN);

    // When
    Map<String, List<String>> findings =
        Validation.findings(shop.logSettings(Map.of("watch.tables", setting)));

    // Then
    assertTrue(
        findings.getOrDefault("watch.tables", List.of()).stream()
            .anyMatch(message -> message.contains(expected)),
        findings::toString);
  }

  private static OrderIdColumns ids(Watching watching) {
    OrderIdType big = OrderIdType.BIGINT;
    return watching.composite()
        ? new OrderIdColumns(List.of("shop", "id"), List.of(OrderIdType.INTEGER, big))
        : OrderIdColumns.of("id", big);
  }

  private static Set<String> orders(List<SourceRecord> records) {
    Set<String> orders = new TreeSet<>();
    records.forEach(record -> orders.add(String.valueOf(record.key()).replace("7:", "")));
    return orders;
  }
}
