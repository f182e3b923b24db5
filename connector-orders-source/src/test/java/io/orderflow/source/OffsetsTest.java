package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.TableName;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.offset.CatalogVersion;
import io.orderflow.source.offset.EmittedAhead;
import io.orderflow.source.offset.KnownTables;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.offset.Lsn;
import io.orderflow.source.offset.ShardOffset;
import io.orderflow.source.offset.ShardOffset.HandoverMark;
import io.orderflow.source.offset.Shards;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.json.JsonConverter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OffsetsTest {

  private static final Map<String, String> SETTINGS =
      Map.of(
          "database.url", "jdbc:postgresql://localhost/shop",
          "database.user", "connect",
          "capture.shards", "4");
  private static final Map<String, Object> PARTITION = Map.of("table", "public.orders", "shard", 3);
  private static final Map<String, Object> OFFSET =
      Map.of("xid", 5, "order_id", "7", "shards", 4, "system", "123", "snapshot_until", 2L);

  private final OrdersSourceConnector connector = new OrdersSourceConnector();

  @Test
  void offsetSurvivesItsMapForm() {
    // Given
    ShardOffset offset = new ShardOffset(5, "7", 4, "123", 2);

    // When
    ShardOffset read = ShardOffset.of(offset.toMap());

    // Then
    assertEquals(offset, read);
    assertEquals(offset, ShardOffset.of(OFFSET));
  }

  @Test
  void offsetKnowsTheTransactionsThatLogCaptureEmittedUntilItHasPassedThem() {
    // Given
    ShardOffset offset = new ShardOffset(5, "7", 4, "123", 0, new HandoverMark(3, 1000, "6:9:6,7"));
    LogOffset logOffset =
        new LogOffset(
            new Lsn(5),
            0,
            "123",
            null,
            null,
            null,
            null,
            4,
            "16390.745",
            "16391.740,16394.741-742",
            2,
            new KnownTables(new CatalogVersion("-12", 750), new Lsn(9), EmittedAhead.NONE));

    // Then
    assertEquals(offset, ShardOffset.of(offset.toMap()));
    assertEquals(1005, offset.version());
    assertEquals("6:9:6,7", offset.at(8, "1").emittedSnapshot());
    assertEquals(new HandoverMark(3, 1000, null), offset.at(9, "1").handover());
    assertEquals(logOffset, LogOffset.of(logOffset.toMap()));
    assertEquals(4, logOffset.advancedTo(new Lsn(6)).epoch());
    assertEquals(logOffset.known(), logOffset.advancedTo(new Lsn(6)).known());
    assertEquals(
        "16390.745",
        logOffset.withinTransaction(new Lsn(6), 1).withSnapshotComplete().publication());
  }

  @Test
  void storedFormOfAPartitionDoesNotDependOnItsWriter() {
    // Given
    JsonConverter converter = new JsonConverter();
    converter.configure(Map.of("schemas.enable", "false"), true);
    Map<String, Object> oneOrder = new LinkedHashMap<>();
    oneOrder.put("table", "public.orders");
    oneOrder.put("shard", 3);
    Map<String, Object> otherOrder = new LinkedHashMap<>();
    otherOrder.put("shard", 3);
    otherOrder.put("table", "public.orders");

    // When
    byte[] ours = stored(converter, Shards.partition(TableName.parse("orders"), 3));

    // Then
    assertArrayEquals(ours, stored(converter, throughRest(converter, oneOrder)));
    assertArrayEquals(ours, stored(converter, throughRest(converter, otherOrder)));
  }

  @Test
  void offsetsThatTheConnectorCouldHaveStoredAreAccepted() {
    // Given
    Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
    offsets.put(PARTITION, OFFSET);
    offsets.put(Map.of("table", "public.orders", "shard", 0), null);

    // When
    boolean accepted = connector.alterOffsets(SETTINGS, offsets);

    // Then
    assertTrue(accepted);
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of(Map.of("table", "public.others", "shard", 3), OFFSET, "public.orders"),
        Arguments.of(Map.of("table", "public.orders", "shard", 4), OFFSET, "0 to 3"),
        Arguments.of(Map.of("table", "public.orders"), OFFSET, "partition like"),
        Arguments.of(Map.of("table", "public.orders", "shard", "3"), OFFSET, "not text"),
        Arguments.of(PARTITION, with("xid", -1), "xid"),
        Arguments.of(PARTITION, with("xid", 1.5), "xid"),
        Arguments.of(PARTITION, with("shards", 8), "capture.shards"),
        Arguments.of(PARTITION, with("order_id", true), "order_id"),
        Arguments.of(PARTITION, with("lsn", 1), "lsn"),
        Arguments.of(PARTITION, Map.of("xid", 1), "shards"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void offsetsThatTheConnectorCannotHaveStoredAreRefused(
      Map<String, ?> partition, Map<String, ?> offset, String named) {
    // When
    ConnectException failure =
        assertThrows(
            ConnectException.class,
            () -> connector.alterOffsets(SETTINGS, new HashMap<>(Map.of(partition, offset))));

    // Then
    assertTrue(String.valueOf(failure.getMessage()).contains(named), failure.getMessage());
  }

  @Test
  void everyShardIsDealtToOneTask() {
    // When
    List<List<Integer>> dealt = Shards.assign(10, 3);

    // Then
    assertEquals(List.of(List.of(0, 3, 6, 9), List.of(1, 4, 7), List.of(2, 5, 8)), dealt);
    assertEquals(4, Shards.assign(4, 9).size());
  }

  @Test
  void offsetsOfAnotherNumberOfShardsStopTheTaskWithTheFix() {
    // Given
    Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
    offsets.put(
        Shards.partition(TableName.parse("orders"), 1), new ShardOffset(5, "7", 8, "1", 0).toMap());
    Map<String, String> settings = new HashMap<>(SETTINGS);

    // When
    ConnectException failure =
        assertThrows(ConnectException.class, () -> new CaptureRun(settings, offsets));

    // Then
    assertTrue(
        String.valueOf(failure.getMessage()).contains("made with 8 shards, not 4"),
        failure.getMessage());
  }

  @Test
  void offsetsOfAnotherClusterStopTheTaskWithTheFix() {
    // Given
    Shop shop = Shop.installed();
    Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
    offsets.put(
        Shards.partition(TableName.parse("orders"), 1), new ShardOffset(5, "7", 4, "1", 0).toMap());

    try (CaptureRun run = new CaptureRun(shop.settings(Map.of()), offsets)) {
      // When
      ConnectException failure = assertThrows(ConnectException.class, run::poll);

      // Then
      assertTrue(String.valueOf(failure.getMessage()).contains("pg_upgrade"), failure.getMessage());
    }
  }

  @Test
  void offsetsAheadOfTheClusterStopTheTaskWithTheFix() {
    // Given
    Shop shop = Shop.installed();
    Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
    offsets.put(
        Shards.partition(TableName.parse("orders"), 1),
        new ShardOffset(1L << 40, "7", 4, system(shop), 0).toMap());

    try (CaptureRun run = new CaptureRun(shop.settings(Map.of()), offsets)) {
      // When
      ConnectException failure = assertThrows(ConnectException.class, run::poll);

      // Then
      assertTrue(
          String.valueOf(failure.getMessage()).contains("lost transactions"), failure.getMessage());
    }
  }

  static Stream<Arguments> refusedByTheDatabase() {
    return Stream.of(
        Arguments.of("xid", 1L << 40, "lost transactions"),
        Arguments.of("order_id", "A-7", "bigint"),
        Arguments.of("system", "123", "pg_upgrade"));
  }

  @ParameterizedTest
  @MethodSource("refusedByTheDatabase")
  void offsetsThatTheDatabaseCannotHaveAreRefused(String key, Object value, String named) {
    // Given
    Shop shop = Shop.installed();
    Map<String, Object> valid = with("system", system(shop));
    Map<String, Object> invalid = new HashMap<>(valid);
    invalid.put(key, value);

    // When
    boolean accepted =
        connector.alterOffsets(shop.settings(Map.of()), new HashMap<>(Map.of(PARTITION, valid)));
    ConnectException failure =
        assertThrows(
            ConnectException.class,
            () ->
                connector.alterOffsets(
                    shop.settings(Map.of()), new HashMap<>(Map.of(PARTITION, invalid))));

    // Then
    assertTrue(accepted);
    assertTrue(String.valueOf(failure.getMessage()).contains(named), failure.getMessage());
  }

  private static String system(Shop shop) {
    return shop.value("SELECT system_identifier FROM pg_control_system()");
  }

  @Test
  void tasksOfOneTableCaptureEachOrderOnce() {
    // Given
    Shop shop = Shop.installed();
    shop.run("INSERT INTO orders SELECT n, 'NEW', 1 FROM generate_series(1, 200) n");
    Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
    List<Object> keys = new java.util.ArrayList<>();

    // When
    for (List<Integer> shards : Shards.assign(4, 3)) {
      Map<String, String> settings =
          shop.settings(Map.of("task.shards", OrdersSourceConfig.listOf(shards)));
      try (CaptureRun run = new CaptureRun(settings, offsets)) {
        for (int i = 0; i < 4; i++) {
          run.poll().forEach(record -> keys.add(record.key()));
        }
      }
    }

    // Then
    assertEquals(200, keys.size());
    assertEquals(200, new TreeSet<>(keys).size());
    assertEquals(4, offsets.size());
  }

  @Test
  void captureWaitsForAnUnavailableDatabase() {
    // Given
    Map<String, String> settings = new HashMap<>(SETTINGS);
    settings.put("database.url", "jdbc:postgresql://localhost:1/shop");
    settings.put("database.connection.timeout.ms", "250");

    try (CaptureRun run = new CaptureRun(settings, new HashMap<>())) {
      // When
      List<?> records = run.poll();

      // Then
      assertEquals(Collections.emptyList(), records);
    }
  }

  private static Map<String, Object> with(String key, Object value) {
    Map<String, Object> offset = new HashMap<>(OFFSET);
    offset.put(key, value);
    return offset;
  }

  /** As a worker reads what it is sent: through its own converter, and back. */
  private static Object throughRest(JsonConverter converter, Map<String, Object> partition) {
    return converter.toConnectData("", stored(converter, partition)).value();
  }

  private static byte[] stored(JsonConverter converter, Object partition) {
    return converter.fromConnectData("", null, partition);
  }
}
