package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.config.Finding;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.log.slot.Publication;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.offset.Lsn;
import io.orderflow.source.schema.DecimalHandling;
import io.orderflow.source.validate.Preflight;
import io.orderflow.source.validate.Preflight.AutoCreate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LogPreflightTest {

  private static final String PUBLISH =
      "CREATE PUBLICATION orderflow FOR TABLE orders, order_items";

  private final Shop shop = Postgres.newShop();

  static Stream<Arguments> fit() {
    return Stream.of(
        Arguments.of("SELECT 1"),
        Arguments.of(PUBLISH),
        Arguments.of("CREATE PUBLICATION orderflow FOR ALL TABLES"),
        Arguments.of(
            PUBLISH
                + "; ALTER TABLE order_items DROP CONSTRAINT order_items_pkey; ALTER TABLE order_items REPLICA IDENTITY FULL;"
                + " CREATE INDEX ON order_items (order_id)"),
        Arguments.of("ALTER TABLE orders ADD COLUMN change_xid xid8"),
        Arguments.of(
            PUBLISH
                + "; ALTER TABLE orders ADD COLUMN doubled numeric GENERATED ALWAYS AS (total * 2) STORED"));
  }

  @ParameterizedTest
  @MethodSource("fit")
  void tablesAsTheyAreHaveNoFinding(String sql) {
    // Given
    shop.run(Shop.TABLES);
    shop.run(sql);

    // When
    List<Finding> findings = look(Map.of(), AutoCreate.YES);

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
            "leaves some out"));
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
            "ALTER TABLE order_items DROP CONSTRAINT order_items_pkey, ADD COLUMN id serial PRIMARY KEY;"
                + " CREATE INDEX ON order_items (order_id)",
            "items.table",
            "REPLICA IDENTITY FULL"),
        fault("ALTER TABLE orders REPLICA IDENTITY NOTHING", "orders.table", "no column"),
        fault(
            "ALTER TABLE order_items DROP CONSTRAINT order_items_pkey; ALTER TABLE order_items REPLICA IDENTITY FULL",
            "items.order.id.column",
            "CREATE INDEX"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void faultIsFoundOnItsKeyWithWhatMendsIt(String sql, String key, String cure) {
    // Given
    shop.run(Shop.TABLES);
    shop.run(sql);

    // When
    List<Finding> findings = look(Map.of(), AutoCreate.YES);

    // Then
    assertEquals(List.of(key), findings.stream().map(Finding::key).toList(), findings.toString());
    assertTrue(findings.toString().contains(cure), findings.toString());
  }

  @Test
  void partitionedOrdersAreFitWhenPublishedAsOneTable() {
    // Given
    shop.run(
        """
        CREATE TABLE orders (id bigint PRIMARY KEY, status text) PARTITION BY RANGE (id);
        CREATE TABLE orders_1 PARTITION OF orders FOR VALUES FROM (1) TO (1000);
        CREATE TABLE order_items (order_id bigint, line_no int, PRIMARY KEY (order_id, line_no))""");

    // When
    List<Finding> without = look(Map.of(), AutoCreate.YES);
    shop.run(PUBLISH);
    List<Finding> byPartition = look(Map.of(), AutoCreate.YES);
    shop.run("ALTER PUBLICATION orderflow SET (publish_via_partition_root = true)");
    List<Finding> byRoot = look(Map.of(), AutoCreate.YES);
    shop.run("ALTER TABLE orders_1 REPLICA IDENTITY NOTHING");
    List<Finding> identity = look(Map.of(), AutoCreate.YES);

    // Then
    assertEquals(List.of(), without);
    assertTrue(byPartition.toString().contains("publish_via_partition_root = true"));
    assertEquals(1, byPartition.size(), byPartition.toString());
    assertEquals(List.of(), byRoot);
    assertTrue(identity.toString().contains("public.orders_1"), identity.toString());
  }

  @Test
  void roleIsToldWhatItLacks() {
    // Given
    shop.run(Shop.TABLES);
    shop.run(
        "DROP ROLE IF EXISTS log_reader; CREATE ROLE log_reader LOGIN; GRANT SELECT ON orders, order_items TO log_reader");
    Map<String, String> reader = Map.of("database.user", "log_reader");

    // When
    List<Finding> both = look(reader, AutoCreate.YES);
    shop.run(PUBLISH + "; ALTER ROLE log_reader REPLICATION");
    List<Finding> mended = look(reader, AutoCreate.YES);

    // Then
    assertEquals(
        List.of("publication.name", "database.user"), both.stream().map(Finding::key).toList());
    assertTrue(both.toString().contains("CREATE PUBLICATION"), both.toString());
    assertTrue(both.toString().contains("ALTER ROLE \"log_reader\" REPLICATION"), both.toString());
    assertEquals(List.of(), mended);
  }

  @Test
  void serverWithoutASlotLeftIsFoundOnTheSlotsName() {
    // Given
    shop.run(Shop.TABLES);
    shop.run(
        """
        SELECT pg_create_physical_replication_slot('filler_' || n) FROM generate_series(
          (SELECT count(*) FROM pg_replication_slots) + 1,
          current_setting('max_replication_slots')::integer) n
        """);

    // When
    List<Finding> findings = look(Map.of(), AutoCreate.YES);
    shop.run(
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name LIKE 'filler%'");

    // Then
    assertEquals(List.of("slot.name"), findings.stream().map(Finding::key).toList());
    assertTrue(findings.toString().contains("SET max_replication_slots = 60"), findings.toString());
    assertEquals(List.of(), look(Map.of(), AutoCreate.YES));
  }

  @Test
  void missingPublicationIsFoundWhereItIsNotToBeMade() {
    // Given
    shop.run(Shop.TABLES);

    // When
    List<Finding> findings = look(Map.of(), AutoCreate.NO);
    String message = findings.get(0).message();
    shop.run(message.substring(message.indexOf("CREATE PUBLICATION")));

    // Then
    assertEquals(List.of(), look(Map.of(), AutoCreate.NO));
  }

  @Test
  void offsetsPassOnlyWithinWhatTheSlotStillKeeps() throws Exception {
    // Given
    shop.run(Shop.TABLES);
    SlotRun run = SlotRun.of(shop);
    long made = run.create().consistentLsn();
    OrdersSourceConfig config = shop.config(Map.of());
    LogOffsetAlteration alteration = new LogOffsetAlteration(config, run.slot());
    String system = shop.value("SELECT system_identifier FROM pg_control_system()");
    Map<String, Object> partition = LogOffset.partition(config.tables().orders(), run.slot());

    // When
    alteration.check(Map.of(partition, new LogOffset(made, 0, system, null, null).toMap()));
    Map<Map<String, ?>, @Nullable Map<String, ?>> reset = new HashMap<>();
    reset.put(partition, null);
    alteration.check(reset);

    // Then
    assertRefused(alteration, partition, Lsn.format(made - 1), system, "forgotten");
    assertRefused(alteration, partition, "FFFF/0", system, "lost transactions");
    assertRefused(alteration, partition, Lsn.format(made), "7", "cluster 7");
    assertRefused(alteration, partition, "five", system, "pg_lsn");
    assertRefused(alteration, Map.of("table", "x"), Lsn.format(made), system, "partition");
    run.drop();
    assertRefused(alteration, partition, Lsn.format(made), system, "found none");
  }

  private static void assertRefused(
      LogOffsetAlteration alteration,
      Map<String, Object> partition,
      String lsn,
      String system,
      String named) {
    Map<String, Object> offset = Map.of("lsn", lsn, "system", system);
    ConnectException failure =
        assertThrows(ConnectException.class, () -> alteration.check(Map.of(partition, offset)));
    assertTrue(String.valueOf(failure.getMessage()).contains(named), failure.getMessage());
  }

  private List<Finding> look(Map<String, String> settings, AutoCreate autocreate) {
    OrdersSourceConfig config = shop.config(settings);
    return Preflight.ofLog(
            config.queryDatabase(),
            new Publication("orderflow", config.tables().forLog()),
            DecimalHandling.PRECISE,
            autocreate,
            "preflight_slot")
        .findings();
  }

  private static Arguments fault(String sql, String key, String cure) {
    return Arguments.of(sql, key, cure);
  }
}
