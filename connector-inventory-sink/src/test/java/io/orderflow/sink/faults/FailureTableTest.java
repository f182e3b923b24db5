package io.orderflow.sink.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.fixture.TcpProxy;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RepositoryFile;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The table of docs/failures.md holds for a batch on a real server: for each row a trigger raises
 * the code for one record of a batch, a statement of the sink fails with it, and if it is unclear,
 * a trigger raises it for all records. Many codes the server raises itself.
 */
@Timeout(60)
class FailureTableTest {

  private static final Pattern ROW =
      Pattern.compile("\\| (?:`(\\w+)…?`|any other) \\| (.+?) \\| (.+?) \\| .+ \\|");

  private static final int BAD = 3;
  private static final int BATCH = 4;

  private WarehouseDatabase database;

  /** Settings of the connection, if it is not a direct one. */
  private Map<String, String> connection = Map.of();

  /**
   * A row of the table.
   *
   * @param code an SQLSTATE to which the row applies
   */
  record Row(String prefix, String code, String statement, String trigger) {}

  @BeforeEach
  void open() throws SQLException {
    database = WarehouseDatabase.installed(OrderIdType.BIGINT);
  }

  @AfterEach
  void close() throws SQLException {
    database.close();
  }

  static List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (String line : RepositoryFile.read("docs/failures.md").lines().toList()) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        String prefix = row.group(1) == null ? "" : row.group(1);
        rows.add(
            new Row(
                prefix,
                prefix.isEmpty() ? "UX001" : code(prefix),
                row.group(2).replace("*", ""),
                row.group(3).replace("*", "")));
      }
    }
    assertTrue(rows.size() > 40, rows::toString);
    return rows;
  }

  private static String code(String prefix) {
    // PL/pgSQL replaces 00000.
    String code = prefix + (prefix.equals("00") ? "001" : "00000");
    return code.substring(0, 5);
  }

  private static Row row(String state) throws IOException {
    return rows().stream().filter(row -> state.startsWith(row.prefix())).findFirst().orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void triggerFailsForOneRecord(Row row) throws Exception {
    // Given
    failInTrigger("WHEN (NEW.order_id = %d)".formatted(BAD), raise(row.code()));

    // Then
    assertOutcome(row.trigger(), row.code());
  }

  /** A check of the table fails, and the proxy replaces its code: the server reports any code. */
  @ParameterizedTest
  @MethodSource("rows")
  void statementFailsForOneRecord(Row row) throws Exception {
    // Given
    database.execute(
        "ALTER TABLE payments ADD CONSTRAINT fail CHECK (order_id <> %d)".formatted(BAD));
    try (TcpProxy proxy = TcpProxy.to(URI.create(database.url().substring(5)).getPort())) {
      proxy.replaceInAnswers("C23514\0", "C" + row.code() + "\0");
      connection = Map.of("database.url", proxy.url() + database.name());

      // Then
      assertOutcome(row.statement(), row.code());
    }
  }

  static Stream<Row> unclearRows() throws IOException {
    return rows().stream().filter(row -> row.trigger().equals("unclear"));
  }

  @ParameterizedTest
  @MethodSource("unclearRows")
  void triggerFailsForAllRecords(Row row) throws SQLException {
    // Given
    failInTrigger("", raise(row.code()));

    // Then: the database is at fault
    assertStops("failed on purpose");
  }

  @Test
  void unclearRecordIsReportedAgainWhenItsBatchIsDeliveredAgain() throws SQLException {
    // Given
    failInTrigger("WHEN (NEW.order_id = %d)".formatted(BAD), raise("42P01"));

    // Then: the second time, the other records change nothing
    assertReportsOne("42P01", Map.of());
    assertReportsOne("42P01", Map.of());
  }

  @Test
  void unclearRecordsOfADeadLetterQueueAreReported() throws SQLException {
    // Given
    failInTrigger("", raise("42P01"));
    Map<String, String> replay =
        Map.of("topics", "orders,inventory,payments,dead", "topics.dead.letter", "dead");
    List<SinkRecord> letters =
        batch().stream()
            .map(record -> Events.record("dead", record.key(), record.value()))
            .toList();
    letters.forEach(record -> record.headers().addString("__connect.errors.topic", "payments"));

    // Then
    try (RunningSink sink = start(replay)) {
      sink.put(letters);
      assertEquals(
          letters, sink.reported().stream().map(FakeSinkContext.Reported::record).toList());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"40001", "40P01"})
  void conflictThatATriggerReportsForEverCostsItsRecordAlone(String state) throws SQLException {
    // Given
    failInTrigger("WHEN (NEW.order_id = %d)".formatted(BAD), raise(state));

    // Then
    assertReportsOne(state, Map.of());
  }

  @Test
  void conflictThatATriggerReportsForAllRecordsStopsTheTask() throws SQLException {
    // Given
    failInTrigger("", raise("40001"));

    // Then
    assertStops("failed on purpose");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "0A000~ PERFORM * FROM other.public.orders",
        "0Z002~ GET STACKED DIAGNOSTICS word = RETURNED_SQLSTATE",
        "20000~ CASE NEW.order_id WHEN 1 THEN NULL; END CASE",
        "21000~ word := (SELECT n FROM generate_series(1, 2) AS n)",
        "22012~ word := 1 / (NEW.order_id - 3)",
        "25001~ EXECUTE 'VACUUM'",
        "2D000~ COMMIT",
        "34000~ EXECUTE 'MOVE NEXT FROM no_such'",
        "3F000~ EXECUTE 'CREATE TABLE no_such.t ()'",
        "42P01~ EXECUTE 'INSERT INTO payments_of_2031 VALUES (1)'",
        "55000~ word := currval('numbers')",
        "57014~ PERFORM pg_cancel_backend(pg_backend_pid()) FROM pg_sleep(0); PERFORM pg_sleep(5)",
        "58P01~ LOAD 'no_such'",
        "P0002~ SELECT 'x' INTO STRICT word WHERE false",
        "P0003~ SELECT n INTO STRICT word FROM generate_series(1, 2) AS n",
        "P0004~ ASSERT false",
        "UX123~ RAISE EXCEPTION 'own' USING ERRCODE = 'UX123'",
      })
  void serverFailsWithinATrigger(String state, String statement) throws Exception {
    // Given
    database.execute("CREATE SEQUENCE numbers");
    failInTrigger("WHEN (NEW.order_id = %d)".formatted(BAD), statement);

    // Then
    assertOutcome(row(state).trigger(), state);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "22012~ ALTER TABLE payments ADD COLUMN x bigint GENERATED ALWAYS AS (1 / (order_id - 3)) STORED",
        "23514~ ALTER TABLE payments ADD CHECK (order_id <> 3)",
        "54000~ CREATE FUNCTION noise() RETURNS text IMMUTABLE LANGUAGE sql AS"
            + " $$ SELECT string_agg(md5(i::text), '') FROM generate_series(1, 500) i $$;"
            + " CREATE INDEX ON payments ((CASE WHEN order_id = 3 THEN noise() END))",
        "42703~ ALTER TABLE payments RENAME COLUMN provider TO other",
      })
  void serverFailsInAStatementOfTheSink(String state, String setup) throws Exception {
    // Given
    database.execute(setup);

    // Then
    assertOutcome(row(state).statement(), state);
  }

  @Test
  void policyForbidsTheRowOfOneRecord() throws SQLException {
    // Given
    String role = "role_of_" + database.name();
    database.execute(
        """
        CREATE ROLE %1$s LOGIN PASSWORD 'secret';
        GRANT SELECT, INSERT, UPDATE ON stock, order_inventory, payments TO %1$s;
        ALTER TABLE payments ENABLE ROW LEVEL SECURITY;
        CREATE POLICY most ON payments USING (true) WITH CHECK (order_id <> %2$d)"""
            .formatted(role, BAD));

    // Then: the page names this exception of 42501
    try {
      assertReportsOne("42501", Map.of("database.user", role, "database.password", "secret"));
    } finally {
      database.execute("DROP OWNED BY " + role + "; DROP ROLE " + role);
    }
  }

  private static String raise(String code) {
    return "RAISE EXCEPTION 'failed on purpose' USING ERRCODE = '%s'".formatted(code);
  }

  private void failInTrigger(String when, String statement) throws SQLException {
    database.execute(
        """
        CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS
        $$ DECLARE word text; BEGIN %s; RETURN NEW; END $$;
        CREATE TRIGGER fail BEFORE INSERT ON payments FOR EACH ROW %s EXECUTE FUNCTION fail()"""
            .formatted(statement, when));
  }

  private void assertOutcome(String consequence, String state) throws Exception {
    switch (consequence) {
      case "transient" -> assertWaits();
      case "bad record", "unclear" -> assertReportsOne(state, Map.of());
      case "fatal" -> assertStops("");
      default -> throw new AssertionError(consequence);
    }
  }

  private void assertWaits() throws Exception {
    try (RunningSink sink =
        start(Map.of("retry.backoff.ms", "50", "retry.backoff.max.ms", "100"))) {
      sink.deliver(batch());
      Traffic.pollFor(Duration.ofMillis(300), sink);
      assertFalse(sink.isSettled());
      database.execute(
          "DROP TRIGGER IF EXISTS fail ON payments;"
              + " ALTER TABLE payments DROP CONSTRAINT IF EXISTS fail");
      sink.put();
      assertEquals(List.of(), sink.reported());
      assertEquals(List.of("1", "2", "3", "4"), applied());
    }
  }

  private void assertReportsOne(String state, Map<String, String> changes) throws SQLException {
    try (RunningSink sink = start(changes)) {
      List<SinkRecord> batch = batch();
      sink.put(batch);
      assertEquals(
          List.of(batch.get(BAD - 1)),
          sink.reported().stream().map(FakeSinkContext.Reported::record).toList());
      String reported = sink.reported().toString();
      assertTrue(reported.contains("SQLSTATE " + state), reported);
      assertEquals(List.of("1", "2", "4"), applied());
    }
  }

  private void assertStops(String words) throws SQLException {
    try (RunningSink sink = start(Map.of())) {
      ConnectException stopped = assertThrows(ConnectException.class, () -> sink.put(batch()));
      assertTrue(String.valueOf(stopped.getMessage()).contains(words), stopped::toString);
      assertEquals(List.of(), sink.reported());
      assertEquals(List.of(), applied());
    }
  }

  private RunningSink start(Map<String, String> changes) {
    Map<String, String> settings = RunningSink.settings(database);
    settings.put("batch.max.records", Integer.toString(BATCH));
    settings.put("batch.linger.ms", "10000");
    settings.put("retry.backoff.ms", "5");
    settings.put("retry.backoff.max.ms", "20");
    settings.putAll(connection);
    settings.putAll(changes);
    return RunningSink.with(settings, new FakeSinkContext(true));
  }

  private static List<SinkRecord> batch() {
    return LongStream.rangeClosed(1, BATCH).mapToObj(id -> Events.payment(id, 1, "PAID")).toList();
  }

  private List<String> applied() throws SQLException {
    return database.rows("SELECT order_id FROM payments ORDER BY 1");
  }
}
