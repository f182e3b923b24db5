package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.fixture.EventContent;
import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.TypedValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Both captures write each value of each type as the same text, from queries and from the log, and
 * whatever settings the role, the database and the worker have.
 */
class SessionSettingsTest {

  /** More texts that depend on a setting. */
  private static final List<TypedValue> MORE =
      List.of(
          new TypedValue("interval[]", "{-1 year -2 days +03:04:05.6}"),
          new TypedValue("tstzmultirange", "{[2026-11-22 10:00+02,2026-11-23 10:00+02)}"),
          new TypedValue("daterange", "[0044-03-15 BC,2026-02-01)"),
          new TypedValue("tsrange[]", "{\"[2026-02-01 10:00,infinity)\"}"),
          new TypedValue("bytea[]", "{\"\\\\x5c00ff27\"}"),
          new TypedValue("point", "(0.1,0.30000000000000004)"),
          new TypedValue("line", "{1,2,0.1}"),
          new TypedValue("lseg", "[(0.1,2),(3,4)]"),
          new TypedValue("real[]", "{0.1,1e-7}"),
          new TypedValue("timetz[]", "{10:00:00.5+02}"),
          new TypedValue("daybook", "(\"2026-02-01 10:00+02\",\\\\x00ff,1 day,0.1)"));

  private static final List<TypedValue> VALUES =
      IntStream.range(0, 2)
          .mapToObj(i -> i == 0 ? TypedValue.all() : MORE)
          .flatMap(List::stream)
          .toList();

  private static final String FIRST_LOCAL =
      "DateStyle = 'German'; TimeZone = 'America/St_Johns'; IntervalStyle = 'sql_standard';"
          + " bytea_output = 'escape'; extra_float_digits = -15; xmlbinary = 'hex';"
          + " quote_all_identifiers = on; array_nulls = off";

  private static final String SECOND_LOCAL =
      "DateStyle = 'SQL, DMY'; TimeZone = 'Asia/Kathmandu'; IntervalStyle = 'iso_8601';"
          + " standard_conforming_strings = off; search_path = hostile, pg_catalog;"
          + " default_transaction_read_only = on; default_transaction_isolation = 'serializable';"
          + " statement_timeout = '1ms'; lock_timeout = '1ms'; extra_float_digits = 0;"
          + " idle_in_transaction_session_timeout = '2s'; lc_monetary = 'C'";

  private final TimeZone zone = TimeZone.getDefault();
  private final List<Shop> shops = new ArrayList<>();

  @AfterEach
  void restore() {
    TimeZone.setDefault(zone);
    shops.forEach(Shop::dropSlots);
  }

  @Test
  void tablesHaveAllTypes() {
    assertTrue(VALUES.size() > 150, () -> VALUES.size() + " values");
  }

  @ParameterizedTest
  @ValueSource(strings = {FIRST_LOCAL, SECOND_LOCAL})
  void textsDependOnNoSetting(String local) {
    // Given
    String expected = contents("", "UTC", "query").get(0);

    // When
    List<String> found = new ArrayList<>();
    for (String worker : List.of("Pacific/Apia", "America/Caracas")) {
      found.addAll(contents(local, worker, "query"));
      found.addAll(contents(local, worker, "log"));
    }

    // Then
    for (String content : found) {
      assertEquals(expected, content);
    }
  }

  /** The content of an order's events: of the initial snapshot, of a change and of an insert. */
  private List<String> contents(String local, String worker, String capture) {
    TimeZone.setDefault(TimeZone.getTimeZone(worker));
    Shop shop = shop();
    Map<String, String> settings =
        capture.equals("log") ? shop.logSettings(Map.of()) : shop.settings(Map.of());
    settings.put("database.user", "hostile");
    if (capture.equals("query")) {
      shop.install(Map.of(), "id", OrderIdType.BIGINT);
    }
    alterRole(shop, local);
    List<String> contents = new ArrayList<>();
    try (CaptureRun run = new CaptureRun(settings, new HashMap<>())) {
      contents.add(content(run.records(1)));
      // The driver changes to the binary form of values after some executions.
      for (int i = 0; i < 7; i++) {
        shop.run("UPDATE orders SET status = status");
        contents.add(content(run.records(1)));
      }
      shop.run("BEGIN; DELETE FROM order_items; DELETE FROM orders; COMMIT");
      if (capture.equals("log")) {
        run.records(1);
      }
      shop.run(inserts());
      contents.add(content(run.records(1)));
    }
    return contents.stream().distinct().toList();
  }

  private static String content(List<SourceRecord> records) {
    return EventContent.of((Struct) records.get(0).value());
  }

  private Shop shop() {
    Shop shop = Postgres.newShop();
    shops.add(shop);
    shop.run(TypedValue.TYPES);
    shop.run(
        "CREATE TYPE daybook AS (at timestamptz, raw bytea, lasts interval, share double precision)");
    shop.run(
        "CREATE SCHEMA hostile; CREATE FUNCTION hostile.pg_current_snapshot() RETURNS text LANGUAGE sql AS 'SELECT ''1:1:''::text'");
    String columns =
        IntStream.range(0, VALUES.size())
            .mapToObj(i -> ", c%d %s".formatted(i, VALUES.get(i).type()))
            .collect(Collectors.joining());
    shop.run(
        "CREATE TABLE orders (id bigint PRIMARY KEY, status text%1$s); CREATE TABLE order_items (order_id bigint REFERENCES orders, line_no int%1$s, PRIMARY KEY (order_id, line_no))"
            .formatted(columns));
    shop.run(inserts());
    return shop;
  }

  private static String inserts() {
    String values =
        VALUES.stream().map(value -> ", '" + value.value() + "'").collect(Collectors.joining());
    return "BEGIN; INSERT INTO orders VALUES (1, 'NEW'%1$s); INSERT INTO order_items VALUES (1, 1%1$s); COMMIT"
        .formatted(values);
  }

  /** The role of the connector; the shop's own sessions have another. */
  private static void alterRole(Shop shop, String local) {
    shop.run(
        "DO 'BEGIN CREATE ROLE hostile SUPERUSER LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END'");
    String database = shop.value("SELECT current_database()");
    for (String setting : local.split(";", -1)) {
      if (!setting.isBlank()) {
        shop.run(
            "ALTER ROLE hostile IN DATABASE \"%s\" SET %s".formatted(database, setting.strip()));
      }
    }
  }
}
