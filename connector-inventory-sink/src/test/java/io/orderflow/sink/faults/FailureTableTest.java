package io.orderflow.sink.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.common.fixture.TcpProxy;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RepositoryFile;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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

  private static final Pattern CODE =
      Pattern.compile("(\\w{5})\\s+([EWS])\\s+ERRCODE_\\w+\\s*(\\w*)");

  private static final int BAD = 3;
  private static final int BATCH = 4;

  /** A trigger may fail for as long as a statement may take. */
  private static final Map<String, String> IMPATIENT =
      Map.of("database.statement.timeout.ms", "1000");

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

  /** The server's own list of its codes, which is the source of the manual's Appendix A. */
  @Test
  void eachCodeOfTheServerHasARowAndIsRaisedByItsName() throws Exception {
    // Given
    Path list =
        Path.of(
            database.rows("SELECT setting FROM pg_config WHERE name = 'SHAREDIR'").get(0),
            "errcodes.txt");
    Map<String, List<String>> names = new TreeMap<>();
    Set<String> used = new TreeSet<>();
    Set<String> firstNames = new HashSet<>();
    database.execute(
        """
        CREATE TABLE codes (code text);
        CREATE FUNCTION raise_code() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'on purpose' USING ERRCODE = NEW.code; END $$;
        CREATE TRIGGER raise_code BEFORE INSERT ON codes FOR EACH ROW EXECUTE FUNCTION raise_code()""");
    for (String line : Files.readAllLines(list)) {
      Matcher code = CODE.matcher(line);
      // PL/pgSQL raises no success, and knows the names of errors only. Of the codes that share a
      // name, it raises the first.
      if (code.matches() && !code.group(1).equals("00000")) {
        List<String> raised = names.computeIfAbsent(code.group(1), state -> new ArrayList<>());
        raised.add(code.group(1));
        if (code.group(2).equals("E")
            && !code.group(3).isEmpty()
            && firstNames.add(code.group(3))) {
          raised.add(code.group(3));
        }
      }
    }
    assertTrue(names.size() > 200, names::toString);

    // Then
    for (Map.Entry<String, List<String>> code : names.entrySet()) {
      String state = code.getKey();
      for (String raised : code.getValue()) {
        SQLException failure =
            assertThrows(
                SQLException.class,
                () -> database.execute("INSERT INTO codes VALUES ('%s')".formatted(raised)));
        assertEquals(state, SqlFailures.sqlState(failure).orElse(""), raised);
        assertEquals(
            row(state).trigger(),
            SqlFailures.classify(failure).name().toLowerCase(Locale.ROOT).replace('_', ' '),
            raised);
      }
      used.add(row(state).prefix());
    }
    Set<String> prefixes = new TreeSet<>(rows().stream().map(Row::prefix).toList());
    prefixes.removeAll(used);
    // Success; PostgreSQL 16 and earlier; a code that the server does not define.
    assertEquals(Set.of("00", "72", ""), prefixes);
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
    assertStops("failed on purpose", Map.of());
  }

  @Test
  void unclearRecordOfARepeatedBatchIsBadOnlyIfANewerRecordIsWritten() throws SQLException {
    // Given
    failInTrigger("WHEN (NEW.order_id = %d)".formatted(BAD), raise("42P01"));
    assertReportsOne("42P01", Map.of());

    // Then: that the other records were written before proves nothing now
    try (RunningSink sink = start(Map.of())) {
      ConnectException stopped = assertThrows(ConnectException.class, () -> sink.put(batch()));
      assertTrue(String.valueOf(stopped.getMessage()).contains("failed on purpose"));
      assertEquals(List.of(), sink.reported());
    }
    try (RunningSink sink = start(Map.of("batch.max.records", "5"))) {
      List<SinkRecord> longer = new ArrayList<>(batch());
      longer.add(Events.payment(5L, 1, "PAID"));
      sink.put(longer);
      assertEquals(longer.subList(BAD - 1, BAD), records(sink));
    }
  }

  /** Rows of one table, or inserts, prove nothing about those of another, or updates. */
  @ParameterizedTest
  @CsvSource({"order, 9, 1", "payment, 1, 2"})
  void recordsWrittenInAnotherWayAreNoProof(String kind, long id, long version)
      throws SQLException {
    // Given
    SinkRecord other =
        kind.equals("order")
            ? Events.order(id, version, "CANCELLED")
            : Events.payment(id, version, "PAID");
    try (RunningSink sink = start(Map.of())) {
      sink.put(Events.payment(1L, 1, "OPEN"));
      failInTrigger("", raise("42P01"));

      // When
      List<SinkRecord> records =
          List.of(
              Events.payment(2L, 1, "PAID"),
              other,
              Events.payment(3L, 1, "PAID"),
              Events.payment(4L, 1, "PAID"));
      assertThrows(ConnectException.class, () -> sink.put(records));

      // Then
      assertEquals(List.of(), sink.reported());
    }
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
      assertEquals(letters, records(sink));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"40001", "40P01", "55P03", "57014", "57P01", "53100", "08006"})
  void transientFailureThatATriggerRaisesForEverCostsItsRecordAlone(String state)
      throws SQLException {
    // Given
    failInTrigger("WHEN (NEW.order_id = %d)".formatted(BAD), raise(state));

    // Then
    assertReportsOne(state, IMPATIENT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"40001", "55P03"})
  void transientFailureThatATriggerRaisesForAllRecordsStopsTheTask(String state)
      throws SQLException {
    // Given
    failInTrigger("", raise(state));

    // Then
    assertStops("failed on purpose", IMPATIENT);
  }

  /** The record is good, so that it must not go to the dead-letter queue. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "could not obtain lock~ PERFORM FROM stock WHERE sku = 'A' FOR UPDATE NOWAIT",
        "statement timeout~ PERFORM pg_sleep(5)",
      })
  void triggerThatCannotGoOnForOneRecordStopsTheTask(String words, String statement)
      throws SQLException {
    // Given
    database.stock("A", 1);
    failInTrigger("WHEN (NEW.order_id = %d)".formatted(BAD), statement);
    try (Connection other = DriverManager.getConnection(database.url(), "postgres", "")) {
      other.setAutoCommit(false);
      lock(other, "SELECT FROM stock FOR UPDATE");

      // When
      try (RunningSink sink = start(IMPATIENT)) {
        ConnectException stopped = assertThrows(ConnectException.class, () -> sink.put(batch()));

        // Then
        String message = String.valueOf(stopped.getMessage());
        assertTrue(message.contains(words) && message.contains("record payments-0@"), message);
        assertEquals(List.of(), sink.reported());
        assertEquals(List.of("1", "2", "4"), applied());
      }
    }
  }

  /** Unlike a trigger's own failures, however long it takes. */
  @ParameterizedTest
  @ValueSource(strings = {"", "FOR EACH ROW"})
  void lockOfARowIsWaitedFor(String trigger) throws Exception {
    // Given
    database.execute("INSERT INTO payments (order_id, version) VALUES (3, 0)");
    if (!trigger.isEmpty()) {
      failInTrigger("", "PERFORM FROM payments WHERE order_id = 3 FOR UPDATE");
    }
    try (Connection other = DriverManager.getConnection(database.url(), "postgres", "");
        RunningSink sink = start(IMPATIENT)) {
      other.setAutoCommit(false);
      lock(other, "SELECT FROM payments FOR UPDATE");

      // When
      sink.deliver(batch());
      Traffic.pollFor(Duration.ofSeconds(8), sink);
      other.rollback();
      sink.put();

      // Then
      assertEquals(List.of(), sink.reported());
      assertEquals(List.of("1", "2", "3", "4"), applied());
    }
  }

  private static void lock(Connection session, String sql) throws SQLException {
    try (Statement statement = session.createStatement()) {
      statement.execute(sql);
    }
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE POLICY most ON payments USING (true) WITH CHECK (order_id <> 3)",
        "CREATE POLICY reads ON payments FOR SELECT USING (true)",
        ""
      })
  void policyMayForbidTheRowOfOneRecordOrAllRows(String policy) throws SQLException {
    // Given
    String role = "role_of_" + database.name();
    database.execute(
        """
        CREATE ROLE %1$s LOGIN PASSWORD 'secret';
        GRANT SELECT, INSERT, UPDATE ON stock, order_inventory, payments TO %1$s;
        ALTER TABLE payments ENABLE ROW LEVEL SECURITY;
        %2$s"""
            .formatted(role, policy));
    Map<String, String> login = Map.of("database.user", role, "database.password", "secret");

    // Then: the page names this exception of 42501
    try {
      if (policy.contains("WITH CHECK")) {
        assertReportsOne("42501", login);
      } else {
        assertStops("row-level security policy", login);
      }
    } finally {
      database.execute("DROP OWNED BY " + role + "; DROP ROLE " + role);
    }
  }

  /**
   * The trigger fails when the transaction is committed, or for all rows of a statement at once.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "P0002 ~ CONSTRAINT TRIGGER fail AFTER INSERT ON payments DEFERRABLE INITIALLY DEFERRED FOR"
            + " EACH ROW WHEN (NEW.order_id = 3)",
        "42P01 ~ CONSTRAINT TRIGGER fail AFTER INSERT ON payments DEFERRABLE INITIALLY DEFERRED FOR"
            + " EACH ROW WHEN (NEW.order_id = 3)",
        "UX001 ~ CONSTRAINT TRIGGER fail AFTER INSERT ON payments FOR EACH ROW WHEN (NEW.order_id = 3)",
        "P0001 ~ TRIGGER fail AFTER INSERT ON payments REFERENCING NEW TABLE AS rows FOR EACH STATEMENT",
        "42P01 ~ TRIGGER fail AFTER INSERT ON payments REFERENCING NEW TABLE AS rows FOR EACH STATEMENT",
      })
  void triggerFailsAfterTheRowIsWritten(String code, String trigger) throws SQLException {
    // Given
    String condition =
        trigger.contains("STATEMENT") ? "EXISTS (SELECT FROM rows WHERE order_id = 3)" : "true";
    database.execute(
        """
        CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF %s THEN %s; END IF; RETURN NULL; END $$;
        CREATE %s EXECUTE FUNCTION fail()"""
            .formatted(condition, raise(code), trigger));

    // Then
    assertReportsOne(code, Map.of());
  }

  /** A column that the sink does not know must not be null. */
  @ParameterizedTest
  @CsvSource({"shop, true", "shop, false", "id, false", "place, false"})
  void columnOfTheUserIsNullForOneRecordOrAllRecords(String column, boolean isFilledForOthers)
      throws SQLException {
    // Given
    database.execute("ALTER TABLE payments ADD %s text NOT NULL".formatted(column));
    if (isFilledForOthers) {
      failInTrigger(
          "WHEN (NEW.order_id <> %d)".formatted(BAD), "NEW.%s := 'main'".formatted(column));
      assertReportsOne("23502", Map.of());
    } else {
      assertStops("column \"%s\"".formatted(column), Map.of());
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
      case "fatal" -> assertStops("", Map.of());
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
      assertEquals(List.of(batch.get(BAD - 1)), records(sink));
      String reported = sink.reported().toString();
      assertTrue(reported.contains("SQLSTATE " + state), reported);
      assertEquals(List.of("1", "2", "4"), applied());
    }
  }

  private void assertStops(String words, Map<String, String> changes) throws SQLException {
    try (RunningSink sink = start(changes)) {
      ConnectException stopped = assertThrows(ConnectException.class, () -> sink.put(batch()));
      assertTrue(String.valueOf(stopped.getMessage()).contains(words), stopped::toString);
      assertEquals(List.of(), sink.reported());
      assertEquals(List.of(), applied());
    }
  }

  private static List<SinkRecord> records(RunningSink sink) {
    return sink.reported().stream().map(FakeSinkContext.Reported::record).toList();
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
