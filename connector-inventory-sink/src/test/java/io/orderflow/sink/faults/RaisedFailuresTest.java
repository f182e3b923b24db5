package io.orderflow.sink.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.failure.FailureClass;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.common.failure.SqlFailures.Rule;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each class of failures, raised by a trigger for one record of a batch. */
class RaisedFailuresTest {

  private static final String PAID = "SELECT count(*) FROM payments";

  /** One code of each rule, and what PL/pgSQL and users raise. */
  static Stream<Arguments> codes() {
    return Stream.concat(
        SqlFailures.rules().stream()
            .filter(rule -> !rule.prefix().isEmpty())
            .map(rule -> Arguments.of(code(rule), rule.failureClass())),
        Stream.of(
                "P0001", "P0002", "P0003", "P0004", "20000", "21000", "27000", "2F000", "38000",
                "39000", "09000", "ZZ001", "MYAPP", "45000")
            .map(code -> Arguments.of(code, FailureClass.BAD_RECORD)));
  }

  private static String code(Rule rule) {
    return (rule.prefix() + "000").substring(0, 5);
  }

  @ParameterizedTest
  @MethodSource("codes")
  void failureOfOneRecordHasTheConsequenceOfItsClass(String code, FailureClass failureClass)
      throws SQLException {
    // Given: the first three attempts fail, or all of them
    boolean isTransient = failureClass == FailureClass.TRANSIENT;
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT);
        RunningSink sink = RunningSink.with(settings(database), new FakeSinkContext(true))) {
      database.execute(
          """
          CREATE SEQUENCE attempts;
          CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN
            IF NEW.order_id = 7 AND nextval('attempts') <= %d THEN
              RAISE EXCEPTION 'no' USING ERRCODE = '%s';
            END IF;
            RETURN NEW;
          END $$;
          CREATE TRIGGER fail BEFORE INSERT ON payments FOR EACH ROW EXECUTE FUNCTION fail()"""
              .formatted(isTransient ? 3 : 1_000_000, code));
      List<SinkRecord> records =
          LongStream.range(0, 20).mapToObj(id -> Events.payment(id, 1, "PAID")).toList();

      // When
      if (failureClass == FailureClass.FATAL) {
        ConnectException stopped = assertThrows(ConnectException.class, () -> sink.put(records));

        // Then
        assertTrue(String.valueOf(stopped.getMessage()).contains("ERROR: no"));
        assertEquals(List.of("0"), database.rows(PAID));
      } else {
        sink.put(records);
        assertEquals(isTransient ? 0 : 1, sink.reported().size());
        assertEquals(List.of(isTransient ? "20" : "19"), database.rows(PAID));
      }
    }
  }

  /** Raised by the server itself. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1 / (7 - NEW.order_id)",
        "SELECT (SELECT n FROM generate_series(1, CASE NEW.order_id WHEN 7 THEN 2 ELSE 1 END) n)",
        "SELECT repeat('x', (10 ^ (2 * NEW.order_id))::int) WHERE NEW.order_id = 7",
        "SELECT CASE NEW.order_id WHEN 7 THEN 'seven' ELSE '0' END::int"
      })
  void recordThatATriggerCannotComputeIsFound(String statement) throws SQLException {
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT);
        RunningSink sink = RunningSink.with(settings(database), new FakeSinkContext(true))) {
      // Given
      database.execute(
          """
          CREATE FUNCTION compute() RETURNS trigger LANGUAGE plpgsql AS
          $$ DECLARE unused text; BEGIN %s INTO unused; RETURN NEW; END $$;
          CREATE TRIGGER compute BEFORE INSERT ON payments FOR EACH ROW EXECUTE FUNCTION compute()"""
              .formatted(statement));

      // When
      sink.put(LongStream.range(0, 20).mapToObj(id -> Events.payment(id, 1, "PAID")).toList());

      // Then
      assertEquals(1, sink.reported().size());
      assertEquals(List.of("19"), database.rows(PAID));
    }
  }

  @Test
  void rowThatAPolicyForbidsIsABadRecord() throws SQLException {
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT)) {
      // Given
      database.execute(
          """
          DROP ROLE IF EXISTS cashier; CREATE ROLE cashier LOGIN PASSWORD 'cashier';
          GRANT SELECT, INSERT, UPDATE ON stock, order_inventory, payments TO cashier;
          ALTER TABLE payments ENABLE ROW LEVEL SECURITY;
          CREATE POLICY most ON payments USING (true) WITH CHECK (order_id <> 7)""");
      Map<String, String> settings = settings(database);
      settings.put("database.user", "cashier");
      settings.put("database.password", "cashier");
      try (RunningSink sink = RunningSink.with(settings, new FakeSinkContext(true))) {
        // When
        sink.put(LongStream.range(0, 20).mapToObj(id -> Events.payment(id, 1, "PAID")).toList());

        // Then
        assertEquals(1, sink.reported().size());
        assertEquals(List.of("19"), database.rows(PAID));
      } finally {
        database.execute("DROP OWNED BY cashier; DROP ROLE cashier");
      }
    }
  }

  private static Map<String, String> settings(WarehouseDatabase database) {
    Map<String, String> settings = RunningSink.settings(database);
    settings.put("retry.backoff.ms", "1");
    settings.put("retry.backoff.max.ms", "5");
    return settings;
  }
}
