package io.orderflow.sink.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.InventorySinkConnector;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.PgBouncer;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real PgBouncer, which gives its sessions to one transaction at a time. */
class PoolerTest {

  private WarehouseDatabase database;

  @BeforeEach
  void open() throws SQLException {
    assumeTrue(PgBouncer.isInstalled(), "install Debian's package pgbouncer");
    database = WarehouseDatabase.installed(OrderIdType.BIGINT);
    database.stock("A", 100_000);
  }

  @AfterEach
  void close() throws SQLException {
    if (database != null) {
      database.close();
    }
  }

  @Test
  void withoutTheSettingTheTaskStopsWithThePoolersWords() {
    try (PgBouncer pooler = PgBouncer.before(database, 2, 20);
        RunningSink sink = RunningSink.with(settings(pooler, false), new FakeSinkContext(true))) {
      // When
      ConnectException stopped =
          assertThrows(ConnectException.class, () -> sink.put(Events.payment(1L, 1, "PAID")));

      // Then
      String message = String.valueOf(stopped.getMessage());
      assertTrue(message.contains("unsupported startup parameter"), message);
      assertTrue(message.contains("database.pooler=true"), message);
      String finding = findings(pooler, false);
      assertTrue(finding.contains("unsupported startup parameter"), finding);
      assertTrue(finding.contains("database.pooler=true"), finding);
    }
  }

  @Test
  void withTheSettingTasksShareSessionsAndTheirOptionsApply() throws SQLException {
    // Given
    database.execute(
        """
        CREATE TABLE seen (timeout text, scans text, own text);
        CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN
          INSERT INTO seen VALUES (current_setting('statement_timeout'),
                                   current_setting('enable_seqscan'), current_setting('work_mem'));
          RETURN NULL;
        END $$;
        CREATE TRIGGER see AFTER INSERT ON payments FOR EACH STATEMENT EXECUTE FUNCTION see()""");
    try (PgBouncer pooler = PgBouncer.before(database, 2, 20)) {
      assertEquals("", findings(pooler, true));
      List<RunningSink> sinks = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        Map<String, String> settings = settings(pooler, true);
        settings.put("database.driver.options", "-c work_mem=8MB");
        sinks.add(RunningSink.with(settings, new FakeSinkContext(true)));
      }

      // When
      for (long version = 1; version <= 10; version++) {
        for (int i = 0; i < sinks.size(); i++) {
          List<SinkRecord> records = new ArrayList<>();
          for (long order = 0; order < 20; order++) {
            long id = 1_000L * i + order;
            records.add(
                Events.order(id, version, version % 2 == 0 ? "CANCELLED" : "PLACED", "A:3"));
            records.add(Events.payment(id, version, "PAID"));
          }
          sinks.get(i).deliver(records);
        }
      }
      sinks.forEach(sink -> sink.put());

      // Then
      sinks.forEach(sink -> assertEquals(List.of(), sink.reported()));
      sinks.forEach(RunningSink::close);
    }
    assertEquals(List.of("1min|off|8MB"), database.rows("SELECT DISTINCT * FROM seen"));
    assertEquals(List.of("A|100000|0"), database.stock());
    assertEquals(List.of("120|10"), database.rows("SELECT count(*), min(version) FROM payments"));
    assertEquals(List.of(), database.drift());
  }

  @Test
  void poolerWithoutFreeConnectionsIsWaitedFor() throws SQLException {
    try (PgBouncer pooler = PgBouncer.before(database, 2, 1)) {
      RunningSink first = RunningSink.with(settings(pooler, true), new FakeSinkContext(true));
      first.put(Events.payment(1L, 1, "PAID"));
      try (RunningSink second =
          RunningSink.with(settings(pooler, true), new FakeSinkContext(true))) {
        // When
        second.deliver(List.of(Events.payment(2L, 1, "PAID")));
        first.close();
        second.put();

        // Then
        assertEquals(List.of("2"), database.rows("SELECT count(*) FROM payments"));
      }
    }
  }

  private Map<String, String> settings(PgBouncer pooler, boolean isPooler) {
    Map<String, String> settings = RunningSink.settings(database);
    settings.put("database.url", pooler.url());
    settings.put("database.pooler", String.valueOf(isPooler));
    settings.put("retry.backoff.max.ms", "500");
    return settings;
  }

  private String findings(PgBouncer pooler, boolean isPooler) {
    List<String> findings = new ArrayList<>();
    for (ConfigValue value :
        new InventorySinkConnector().validate(settings(pooler, isPooler)).configValues()) {
      findings.addAll(value.errorMessages());
    }
    return String.join("\n", findings);
  }
}
