package io.orderflow.source.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.config.Finding;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LogPreflightTest {

  private static final String PUBLISH =
      "CREATE PUBLICATION orderflow FOR TABLE orders, order_items";

  private final Shop shop = Postgres.newShop();

  static Stream<Arguments> usable() {
    return Stream.of(
        Arguments.of("SELECT 1"),
        Arguments.of(PUBLISH),
        Arguments.of("CREATE PUBLICATION orderflow FOR ALL TABLES"),
        Arguments.of(
            PUBLISH
                + "; ALTER TABLE order_items DROP CONSTRAINT order_items_pkey; ALTER TABLE"
                + " order_items REPLICA IDENTITY FULL; CREATE INDEX ON order_items (order_id)"),
        Arguments.of("ALTER TABLE orders ADD COLUMN change_xid xid8"),
        Arguments.of(
            PUBLISH
                + "; ALTER TABLE orders ADD COLUMN doubled numeric GENERATED ALWAYS AS (total * 2)"
                + " STORED"));
  }

  @ParameterizedTest
  @MethodSource("usable")
  void usableTablesHaveNoFinding(String sql) {
    // Given
    shop.run(Shop.TABLES);
    shop.run(sql);

    // When
    List<Finding> findings = findings();

    // Then
    assertEquals(List.of(), findings);
  }

  static Stream<Arguments> faults() {
    return Postgres.majorVersion() < 15
        ? faultsOfAnyServer()
        : Stream.concat(faultsOfAnyServer(), faultsOfNewerServers());
  }

  private static Stream<Arguments> faultsOfNewerServers() {
    return Stream.of(
        fault(
            "CREATE PUBLICATION orderflow FOR TABLE orders WHERE (id > 5), order_items",
            "publication.name",
            "row filter"),
        fault(
            "CREATE PUBLICATION orderflow FOR TABLE orders (id, status), order_items",
            "publication.name",
            "without some columns"));
  }

  private static Stream<Arguments> faultsOfAnyServer() {
    return Stream.of(
        fault(
            "CREATE PUBLICATION orderflow FOR TABLE orders",
            "publication.name",
            "ADD TABLE \"public\".\"order_items\""),
        fault(
            PUBLISH + " WITH (publish = 'insert, update')",
            "publication.name",
            "SET (publish = 'insert, update, delete, truncate')"),
        fault(
            "ALTER TABLE order_items DROP CONSTRAINT order_items_pkey, ADD COLUMN id serial PRIMARY"
                + " KEY; CREATE INDEX ON order_items (order_id)",
            "items.table",
            "CREATE UNIQUE INDEX"),
        fault("ALTER TABLE orders REPLICA IDENTITY NOTHING", "orders.table", "no column"),
        fault(
            "ALTER TABLE order_items DROP CONSTRAINT order_items_pkey; ALTER TABLE order_items"
                + " REPLICA IDENTITY FULL",
            "items.order.id.column",
            "CREATE INDEX"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void faultIsReportedOnItsKeyWithTheFix(String sql, String key, String fix) {
    // Given
    shop.run(Shop.TABLES);
    shop.run(sql);

    // When
    List<Finding> findings = findings();

    // Then
    assertEquals(List.of(key), findings.stream().map(Finding::key).toList(), findings.toString());
    assertTrue(findings.toString().contains(fix), findings.toString());
  }

  @Test
  void partitionedOrdersAreUsableIfPublishedByPartition() {
    // Given
    shop.run(
        """
        CREATE TABLE orders (id bigint PRIMARY KEY, status text) PARTITION BY RANGE (id);
        CREATE TABLE orders_1 PARTITION OF orders FOR VALUES FROM (1) TO (1000);
        CREATE TABLE order_items (order_id bigint, line_no int, PRIMARY KEY (order_id, line_no))\
        """);

    // When
    List<Finding> without = findings();
    shop.run(PUBLISH + " WITH (publish_via_partition_root = true)");
    List<Finding> byRoot = findings();
    shop.run("ALTER PUBLICATION orderflow SET (publish_via_partition_root = false)");
    List<Finding> byPartition = findings();
    shop.run("ALTER TABLE orders_1 REPLICA IDENTITY NOTHING");
    List<Finding> identity = findings();
    shop.run("ALTER PUBLICATION orderflow SET TABLE orders_1, order_items");
    List<Finding> withoutRoot = findings();

    // Then
    assertEquals(List.of(), without);
    assertTrue(byRoot.toString().contains("publish_via_partition_root = false"));
    assertEquals(1, byRoot.size(), byRoot.toString());
    assertEquals(List.of(), byPartition);
    assertTrue(identity.toString().contains("public.orders_1"), identity.toString());
    assertTrue(
        withoutRoot.toString().contains("ADD TABLE \"public\".\"orders\""), withoutRoot.toString());
  }

  @Test
  void missingPrivilegesOfTheRoleAreReported() {
    // Given
    shop.run(Shop.TABLES);
    shop.run(
        "DROP ROLE IF EXISTS log_reader; CREATE ROLE log_reader LOGIN; GRANT SELECT ON orders,"
            + " order_items TO log_reader");
    Map<String, String> reader = Map.of("database.user", "log_reader");

    // When
    List<Finding> both = findings(reader);
    shop.run(PUBLISH + "; ALTER ROLE log_reader REPLICATION");
    List<Finding> granted = findings(reader);

    // Then
    assertEquals(
        List.of("publication.name", "database.user"), both.stream().map(Finding::key).toList());
    assertTrue(both.toString().contains("CREATE PUBLICATION"), both.toString());
    assertTrue(both.toString().contains("ALTER ROLE \"log_reader\" REPLICATION"), both.toString());
    assertEquals(List.of(), granted);
  }

  @Test
  void exhaustedSlotsAreReportedOnTheSlotsName() {
    // Given
    shop.run(Shop.TABLES);
    shop.run(
        """
        SELECT pg_create_physical_replication_slot('filler_' || n) FROM generate_series(
          (SELECT count(*) FROM pg_replication_slots) + 1,
          current_setting('max_replication_slots')::integer) n
        """);

    // When
    List<Finding> findings = findings();
    shop.run(
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name LIKE"
            + " 'filler%'");

    // Then
    assertEquals(List.of("slot.name"), findings.stream().map(Finding::key).toList());
    assertTrue(findings.toString().contains("SET max_replication_slots = 60"), findings.toString());
    assertEquals(List.of(), findings());
  }

  @Test
  void missingPublicationIsReportedIfItIsNotCreatedAutomatically() {
    // Given
    shop.run(Shop.TABLES);

    // When
    List<Finding> findings = findings(Map.of("publication.autocreate.mode", "disabled"));
    String message = findings.get(0).message();
    shop.run(message.substring(message.indexOf("CREATE PUBLICATION")));

    // Then
    assertEquals(List.of(), findings(Map.of("publication.autocreate.mode", "disabled")));
  }

  private List<Finding> findings() {
    return findings(Map.of());
  }

  private List<Finding> findings(Map<String, String> more) {
    Map<String, String> settings = shop.logSettings(Map.of("slot.name", "preflight_slot"));
    settings.putAll(more);
    return Preflight.of(new OrdersSourceConfig(settings)).findings();
  }

  private static Arguments fault(String sql, String key, String fix) {
    return Arguments.of(sql, key, fix);
  }
}
