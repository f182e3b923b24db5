package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OddTablesTest {

  private final Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();

  @Test
  void namesThatNeedQuotesAreCapturedAndValidated() {
    // Given
    Shop shop = Postgres.newShop();
    String quoted = "\"My \"\"Shop\"\"\"";
    shop.run(
        """
        CREATE SCHEMA %1$s;
        CREATE TABLE %1$s."order" ("Order Id" bigint PRIMARY KEY, "a;b" text);
        CREATE TABLE %1$s."the 'items'" ("Order" bigint, "group" int, "user" text, PRIMARY KEY ("Order", "group"));
        """
            .formatted(quoted));
    Map<String, String> settings =
        shop.settings(
            Map.of(
                "orders.table",
                quoted + ".order",
                "items.table",
                quoted + ".\"the 'items'\"",
                "items.order.id.column",
                "Order",
                "change.xid.column",
                "Changed By"));
    shop.install(settings, "Order Id", OrderIdType.BIGINT);
    shop.run(
        "INSERT INTO %1$s.\"order\" VALUES (1, 'x'); INSERT INTO %1$s.\"the 'items'\" VALUES (1, 2, 'b'), (1, 1, 'a')"
            .formatted(quoted));

    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      // When
      Struct order = run.onlyValue();

      // Then
      assertEquals("x", order.get("a;b"));
      assertEquals(2, order.getArray("items").size());
      assertTrue(
          new OrdersSourceConnector()
              .validate(settings).configValues().stream()
                  .allMatch(value -> value.errorMessages().isEmpty()));
    }
  }

  @Test
  void columnAddedWhileRunningIsInTheNextEventWithANewSchemaVersion() {
    // Given
    Shop shop = Shop.installed();
    shop.run("INSERT INTO orders VALUES (1, 'NEW', 1)");
    try (CaptureRun run = new CaptureRun(shop.settings(Map.of()), offsets)) {
      Struct before = run.onlyValue();

      // When
      shop.run("ALTER TABLE orders ADD COLUMN note text; UPDATE orders SET note = 'gift'");
      Struct withColumn = run.onlyValue();
      shop.run(
          "ALTER TABLE order_items ADD COLUMN tag text; INSERT INTO order_items VALUES (1, 1, 'A',"
              + " 1, 'x')");
      Struct withItemColumn = run.onlyValue();
      shop.run(
          "ALTER TABLE orders DROP COLUMN note, ALTER COLUMN status DROP NOT NULL; UPDATE orders"
              + " SET status = NULL");
      Struct withoutColumn = run.onlyValue();

      // Then
      assertEquals("gift", withColumn.get("note"));
      assertEquals("x", withItemColumn.<Struct>getArray("items").get(0).get("tag"));
      assertEquals(null, withoutColumn.schema().field("note"));
      assertTrue(before.schema().version() < withColumn.schema().version());
      assertTrue(withColumn.schema().version() < withItemColumn.schema().version());
      assertTrue(withItemColumn.schema().version() < withoutColumn.schema().version());
    }
  }

  @Test
  void versionIsThatOfTheConfiguredColumn() {
    // Given
    Shop shop = Shop.installed();
    shop.run(
        "ALTER TABLE orders ADD COLUMN version integer NOT NULL DEFAULT 7; INSERT INTO orders"
            + " VALUES (1, 'NEW', 1)");

    try (CaptureRun run =
        new CaptureRun(shop.settings(Map.of("version.column", "version")), offsets)) {
      // When
      SourceRecord record = run.records(1).get(0);

      // Then
      assertEquals(7L, ((Struct) record.value()).getInt64("version"));
      assertEquals(7L, record.headers().lastWithName("orderflow.version").value());
    }
  }

  @Test
  void headersContainKindOffsetAndCommitTime() {
    // Given
    Shop shop = Postgres.newShop();
    shop.run(Shop.TABLES);
    shop.run("INSERT INTO orders VALUES (1, 'OLD', 1)");
    shop.install(Map.of(), "id", OrderIdType.BIGINT);

    try (CaptureRun run = new CaptureRun(shop.settings(Map.of()), offsets)) {
      // When
      SourceRecord old = run.records(1).get(0);
      shop.run("UPDATE orders SET status = 'NEW'");
      SourceRecord changed = run.records(1).get(0);

      // Then
      assertEquals("snapshot", old.headers().lastWithName("orderflow.kind").value());
      assertEquals(2L, old.headers().lastWithName("orderflow.offset").value());
      assertNull(old.headers().lastWithName("orderflow.commit.time"));
      assertEquals("change", changed.headers().lastWithName("orderflow.kind").value());
      assertEquals(
          changed.timestamp(), changed.headers().lastWithName("orderflow.commit.time").value());
      assertNotNull(changed.timestamp());
    }
  }

  @Test
  void pageIsReadAlongTheIndexWithoutStatistics() throws SQLException {
    // Given
    Shop shop = Shop.installed();
    shop.run("INSERT INTO orders SELECT n, 'NEW', 1 FROM generate_series(1, 20000) n");
    String plan;
    try (CaptureRun run =
        new CaptureRun(shop.settings(Map.of("batch.max.orders", "400")), offsets)) {
      for (int i = 0; i < 12; i++) {
        run.poll();
      }
    }

    // When
    try (Connection connection = shop.connect()) {
      connection
          .createStatement()
          .execute(
              "SET enable_seqscan=off; SET enable_bitmapscan=off; SET"
                  + " plan_cache_mode=force_generic_plan");
      try (PreparedStatement statement =
              connection.prepareStatement(
                  """
                  EXPLAIN SELECT o.* FROM unnest(ARRAY[0,1,2,3], ARRAY['0','0','0','0'], ARRAY['1','2','3','4']) AS p (shard, xid, id)
                  CROSS JOIN LATERAL (SELECT * FROM orders
                    WHERE ((hashint8("id"::bigint) & 2147483647) % 4) = p.shard
                      AND (change_xid, id) > (p.xid::xid8, p.id::bigint)
                      AND change_xid < pg_snapshot_xmin(pg_current_snapshot())
                    ORDER BY change_xid, id LIMIT 100) AS o
                  """);
          ResultSet rows = statement.executeQuery()) {
        StringBuilder text = new StringBuilder();
        while (rows.next()) {
          text.append(rows.getString(1)).append('\n');
        }
        plan = text.toString();
      }
    }

    // Then
    assertTrue(plan.contains("Index Scan using orderflow_capture_4_orders"), plan);
    assertTrue(!plan.contains("Sort"), plan);
  }

  @Test
  void scriptsCanRunAgainAndRewriteNoTable() {
    // Given
    Shop shop = Shop.installed();
    shop.run("INSERT INTO orders VALUES (1, 'NEW', 1)");
    String file = shop.value("SELECT pg_relation_filenode('orders')");

    // When
    shop.install(Map.of(), "id", OrderIdType.BIGINT);

    // Then
    assertEquals(file, shop.value("SELECT pg_relation_filenode('orders')"));
  }

  @Test
  void roleThatMayOnlyWriteItemsIsNotBlocked() {
    // Given
    Shop shop = Shop.installed();
    shop.run(
        """
        INSERT INTO orders VALUES (1, 'NEW', 1);
        DROP ROLE IF EXISTS packer;
        CREATE ROLE packer;
        GRANT INSERT ON order_items TO packer
        """);
    try (CaptureRun run = new CaptureRun(shop.settings(Map.of()), offsets)) {
      run.records(1);

      // When
      shop.run("SET ROLE packer; INSERT INTO order_items VALUES (1, 1, 'A', 1)");

      // Then
      assertEquals(1, run.onlyValue().getArray("items").size());
    }
  }

  @Test
  void truncatedItemsAreNewVersionsOfTheirOrders() {
    // Given
    Shop shop = Shop.installed();
    shop.run(
        "INSERT INTO orders VALUES (1, 'NEW', 1), (2, 'NEW', 1); INSERT INTO order_items VALUES (2,"
            + " 1, 'A', 1)");
    try (CaptureRun run = new CaptureRun(shop.settings(Map.of()), offsets)) {
      run.records(2);

      // When
      shop.run("TRUNCATE order_items");
      List<SourceRecord> records = run.records(1);
      shop.run("TRUNCATE orders, order_items");

      // Then
      assertEquals(Set.of(2L), QueryCaptureTest.keys(records));
      assertEquals(List.of(), run.records(0));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"DEFAULT", "FULL"})
  void longOrderIdThatTheLogDoesNotRepeatIsKnown(String identity) {
    // Given
    Shop shop = Postgres.newShop();
    String id = "9".repeat(2_500);
    shop.run(
        """
        CREATE TABLE orders (id text PRIMARY KEY, status text);
        CREATE TABLE order_items (order_id text, line_no int, sku text, PRIMARY KEY (order_id, line_no));
        ALTER TABLE orders ALTER id SET STORAGE EXTERNAL;
        ALTER TABLE order_items ALTER order_id SET STORAGE EXTERNAL;
        ALTER TABLE orders REPLICA IDENTITY %1$s;
        ALTER TABLE order_items REPLICA IDENTITY %1$s;
        INSERT INTO orders VALUES ('%2$s', 'NEW');
        INSERT INTO order_items VALUES ('%2$s', 1, 'A')
        """
            .formatted(identity, id));
    try (CaptureRun run = new CaptureRun(shop.logSettings(Map.of()), offsets)) {
      run.records(1);

      // When
      shop.run("UPDATE orders SET status = 'PAID'");
      Struct order = run.onlyValue();
      shop.run("UPDATE order_items SET sku = 'B'");
      Struct item = (Struct) run.onlyValue().getArray("items").get(0);
      shop.run("DELETE FROM order_items; DELETE FROM orders");
      SourceRecord deleted = run.records(1).get(0);

      // Then
      assertEquals("PAID", order.get("status"));
      assertEquals("B", item.get("sku"));
      assertEquals(id, deleted.key());
      assertNull(deleted.value());
    } finally {
      shop.dropSlots();
    }
  }

  @Test
  void captureWaitsForAPreparedTransaction() {
    // Given
    Shop shop = Shop.installed();
    shop.run("BEGIN; INSERT INTO orders VALUES (1, 'NEW', 1); PREPARE TRANSACTION 'later'");
    shop.run("INSERT INTO orders VALUES (2, 'NEW', 1)");
    try (CaptureRun run = new CaptureRun(shop.settings(Map.of()), offsets)) {
      List<SourceRecord> before = run.records(0);

      // When
      shop.run("COMMIT PREPARED 'later'");

      // Then
      assertEquals(List.of(), before);
      assertEquals(Set.of(1L, 2L), QueryCaptureTest.keys(run.records(2)));
    }
  }
}
