package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.Validation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Orders that several columns identify together, as in TPC-C. */
class CompositeIdTest {

  private final Shop shop = Postgres.newShop();
  private final Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();

  /**
   * A capture and the types of the columns.
   *
   * @param first the first two columns of all orders, as SQL
   * @param prefix the same in the text of an ID
   */
  record Case(String capture, String types, String first, String prefix) {

    String type(int column) {
      return types.split(",", -1)[column];
    }

    /** The text of the ID of an order. */
    String id(int order) {
      return prefix + ":" + order;
    }
  }

  static Stream<Case> cases() {
    return Stream.of("query", "log")
        .flatMap(
            capture ->
                Stream.of(
                    new Case(capture, "int,int,int", "1, 7", "1:7"),
                    new Case(
                        capture,
                        "text,uuid,bigint",
                        "'a:b\\', 'CAFE0000-0000-0000-0000-000000000000'",
                        "a\\:b\\\\:cafe0000-0000-0000-0000-000000000000"),
                    new Case(capture, "bigint,varchar(9),int", "-1, ''", "-1:")));
  }

  @AfterEach
  void dropSlots() {
    shop.dropSlots();
  }

  private Map<String, String> prepare(Case of) {
    shop.run(
        """
        CREATE TABLE oorder (
          o_w_id %1$s, o_d_id %2$s, o_id %3$s, status text, PRIMARY KEY (o_w_id, o_d_id, o_id));
        CREATE TABLE order_line (
          ol_w_id %1$s, ol_d_id %2$s, ol_o_id %3$s, ol_number int, sku text,
          PRIMARY KEY (ol_w_id, ol_d_id, ol_o_id, ol_number),
          FOREIGN KEY (ol_w_id, ol_d_id, ol_o_id) REFERENCES oorder (o_w_id, o_d_id, o_id) ON DELETE CASCADE);
        """
            .formatted(of.type(0), of.type(1), of.type(2)));
    shop.run(
        "INSERT INTO oorder SELECT %s, n, 'NEW' FROM generate_series(1, 5) n"
            .formatted(of.first()));
    shop.run(
        "INSERT INTO order_line SELECT %s, n, line, 'sku' || line FROM generate_series(1, 3) n, generate_series(1, 2) line"
            .formatted(of.first()));
    Map<String, String> more =
        Map.of(
            "orders.table", "oorder",
            "orders.id.column", "o_w_id, o_d_id, o_id",
            "items.table", "order_line",
            "items.order.id.column", "ol_w_id,ol_d_id,ol_o_id",
            "batch.max.orders", "4",
            "snapshot.chunk.size", "2");
    if (of.capture().equals("log")) {
      return shop.logSettings(more);
    }
    Map<String, String> settings = shop.settings(more);
    settings.put("deletes.table", "oorder_deleted");
    Validation.runFixes(shop, settings);
    return settings;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyChangeIsEmittedUnderTheWholeId(Case of) {
    // Given
    Map<String, String> settings = prepare(of);
    assertEquals(Map.of(), Validation.findings(settings));

    // When
    List<SourceRecord> snapshot = new ArrayList<>();
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      while (snapshot.isEmpty()) {
        snapshot.addAll(run.poll());
      }
    }
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      snapshot.addAll(run.records(5 - snapshot.size()));

      // Then
      assertEquals(
          Set.of(
              of.id(1) + " NEW sku1 sku2",
              of.id(2) + " NEW sku1 sku2",
              of.id(3) + " NEW sku1 sku2",
              of.id(4) + " NEW",
              of.id(5) + " NEW"),
          EventTexts.of(snapshot));
      assertEmitted(
          run, "UPDATE oorder SET status = 'PAID' WHERE o_id = 1", of.id(1) + " PAID sku1 sku2");
      assertEmitted(
          run,
          "UPDATE order_line SET sku = 'x' WHERE ol_o_id = 2 AND ol_number = 1",
          of.id(2) + " NEW x sku2");
      assertEmitted(
          run,
          "UPDATE order_line SET ol_o_id = 2, ol_number = 3 WHERE ol_o_id = 1 AND ol_number = 2",
          of.id(1) + " PAID sku1",
          of.id(2) + " NEW x sku2 sku2");
      assertEmitted(
          run,
          "DELETE FROM order_line WHERE ol_o_id = 2 AND ol_number < 3",
          of.id(2) + " NEW sku2");
      assertEmitted(run, "DELETE FROM oorder WHERE o_id = 3", of.id(3) + " deleted");
      assertEmitted(
          run,
          "UPDATE oorder SET o_id = 6 WHERE o_id = 5",
          of.id(5) + " deleted",
          of.id(6) + " NEW");
    }
    shop.run(
        "INSERT INTO oorder SELECT %s, 7, 'NEW'; INSERT INTO order_line SELECT %1$s, 7, 1, 'late'"
            .formatted(of.first()));
    shop.run("DELETE FROM oorder WHERE o_id = 4");
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      assertEquals(
          Set.of(of.id(7) + " NEW late", of.id(4) + " deleted"), EventTexts.of(run.records(2)));
    }
  }

  private void assertEmitted(CaptureRun run, String sql, String... texts) {
    shop.run(sql);
    assertEquals(Set.of(texts), EventTexts.of(run.records(texts.length)), sql);
  }

  @ParameterizedTest
  @CsvSource({"query", "log"})
  void keyIsAStructOnDemand(String capture) {
    // Given
    Map<String, String> settings =
        prepare(
            new Case(capture, "int,uuid,text", "1, 'cafe0000-0000-0000-0000-000000000000'", ""));
    settings.put("composite.id.format", "struct");
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      run.records(5);

      // When
      shop.run("DELETE FROM oorder WHERE o_id = '4'");
      SourceRecord deleted = run.records(1).get(0);

      // Then
      Struct key = (Struct) deleted.key();
      assertEquals(deleted.keySchema(), key.schema());
      assertEquals(1, key.getInt32("o_w_id"));
      assertEquals("cafe0000-0000-0000-0000-000000000000", key.getString("o_d_id"));
      assertEquals("4", key.getString("o_id"));
      assertNull(deleted.value());
    }
  }

  /** Polls for the next orders, beside which there may be heartbeats. */
  private static Set<String> pollOrders(CaptureRun run) {
    for (int i = 0; i < 500; i++) {
      List<SourceRecord> orders =
          run.poll().stream().filter(record -> record.topic().equals("orders")).toList();
      if (!orders.isEmpty()) {
        return EventTexts.of(orders);
      }
    }
    return Set.of();
  }

  @Test
  void captureIsHandedOverThereAndBack() {
    // Given
    Map<String, String> query = prepare(new Case("query", "int,text,int", "1, 'a:b'", ""));
    Map<String, String> log = new HashMap<>(query);
    log.putAll(shop.logSettings(Map.of("capture", "log")));
    // One chunk, whose record stores that the snapshot is complete.
    log.put("snapshot.chunk.size", "100");
    query.put("slot.name", log.get("slot.name"));
    try (CaptureRun run = new CaptureRun(query, offsets)) {
      run.records(5);
    }
    shop.run("UPDATE oorder SET status = 'PAID' WHERE o_id = 2");

    // When
    Set<String> toLog;
    try (CaptureRun run = new CaptureRun(log, offsets)) {
      toLog = pollOrders(run);
      run.commit();
    }
    shop.run("UPDATE oorder SET status = 'SENT' WHERE o_id = 3");
    Set<String> toQuery;
    try (CaptureRun run = new CaptureRun(query, offsets)) {
      toQuery = pollOrders(run);
    }

    // Then
    assertEquals(Set.of("1:a\\:b:2 PAID sku1 sku2"), toLog);
    assertEquals(Set.of("1:a\\:b:3 SENT sku1 sku2"), toQuery);
  }

  /** The statements that read orders by their IDs, and those of a shard. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT found.* FROM unnest('{1,1}'::integer[], '{7,7}'::integer[], '{1,2}'::integer[]) AS wanted (a, b, c)"
            + " CROSS JOIN LATERAL (SELECT * FROM oorder WHERE o_w_id = wanted.a AND o_d_id = wanted.b AND o_id = wanted.c OFFSET 0) AS found",
        "SELECT * FROM oorder WHERE (o_w_id, o_d_id, o_id) > (1, 7, 1) AND (o_w_id, o_d_id, o_id) <= (1, 7, 9) ORDER BY o_w_id, o_d_id, o_id",
        "SELECT o.* FROM unnest(ARRAY[0,1], ARRAY['0','0'], ARRAY['1','2'], ARRAY['1','2'], ARRAY['1','2']) AS p (shard, xid, a, b, c)"
            + " CROSS JOIN LATERAL (SELECT * FROM oorder WHERE ((hashint8extended(o_id::bigint, hashint8extended(o_d_id::bigint,"
            + " hashint8extended(o_w_id::bigint, 0))) & 2147483647)::integer % 4) = p.shard"
            + " AND (change_xid, o_w_id, o_d_id, o_id) > (p.xid::xid8, p.a::integer, p.b::integer, p.c::integer)"
            + " ORDER BY change_xid, o_w_id, o_d_id, o_id LIMIT 100) AS o"
      })
  void ordersAreReadAlongAnIndex(String sql) throws SQLException {
    // Given
    prepare(new Case("query", "int,int,int", "1, 7", "1:7"));

    // When
    StringBuilder plan = new StringBuilder();
    try (Connection connection = shop.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET enable_seqscan=off; SET enable_bitmapscan=off");
      try (ResultSet rows = statement.executeQuery("EXPLAIN " + sql)) {
        while (rows.next()) {
          plan.append(rows.getString(1)).append('\n');
        }
      }
    }

    // Then
    assertTrue(plan.toString().contains("Index Cond"), plan.toString());
    assertTrue(!plan.toString().contains("Sort  "), plan.toString());
    assertTrue(!plan.toString().contains("Filter"), plan.toString());
  }

  @Test
  void settingsThatNameTooFewColumnsAreRefused() {
    // Given
    Map<String, String> settings = prepare(new Case("log", "int,int,int", "1, 7", "1:7"));
    Map<String, String> none = new HashMap<>(settings);
    none.remove("orders.id.column");
    Map<String, String> two = new HashMap<>(settings);
    two.put("items.order.id.column", "ol_w_id, ol_o_id");
    Map<String, String> reordered = new HashMap<>(settings);
    reordered.put("orders.id.column", "o_id, o_d_id, o_w_id");

    // When
    List<String> keys =
        Stream.of(none, two, reordered)
            .map(Validation::findings)
            .map(findings -> String.join(",", findings.keySet()))
            .toList();

    // Then
    assertEquals(List.of("orders.id.column", "items.order.id.column", "orders.id.column"), keys);
  }
}
