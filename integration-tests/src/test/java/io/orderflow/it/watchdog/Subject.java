package io.orderflow.it.watchdog;

import io.orderflow.common.fixture.PgBouncer;
import io.orderflow.common.fixture.TcpProxy;
import io.orderflow.it.fixture.Database;
import io.orderflow.it.fixture.Findings;
import io.orderflow.it.fixture.Stage;
import io.orderflow.it.fixture.TaskMBeans;
import io.orderflow.it.fixture.WorkerLog;
import io.orderflow.stack.ConnectorStatus;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A connector under one fault, with a database, topics and a role of its own. The role has what
 * docs/operations/tables-roles-poolers.md grants, and no more.
 */
abstract class Subject implements AutoCloseable {

  /** Of these, one that is not 0 says that a task waits. */
  private static final List<String> WAITING =
      List.of(
          "outages-ongoing", "connections-waiting", "dead-letters-waiting", "horizon-age-seconds");

  private static final int POOLER_CLIENTS = 2;
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final Stage stage;
  private final Fault fault;
  private final String name;
  private final Deque<AutoCloseable> held = new ArrayDeque<>();
  private final Map<String, String> config = new HashMap<>();
  private Database database;
  private @Nullable TcpProxy proxy;
  private @Nullable PgBouncer pooler;
  private String connector = "";
  private WorkerLog log;
  private boolean capturedAgain;
  private long orders;

  Subject(Stage stage, Fault fault, Database database) {
    this.stage = stage;
    this.fault = fault;
    this.database = database;
    this.name = database.name();
    this.log = WorkerLog.fromNow(stage.stack(), name);
  }

  static int number() {
    return COUNT.incrementAndGet();
  }

  /** Creates the tables, and the role's privileges. */
  abstract void install();

  /** The settings of the connector, apart from those of its database. */
  abstract Map<String, String> settings();

  /** Writes an order whose ID is new. */
  abstract void place(long id) throws SQLException;

  /** Has {@link #isSettled} ask for all orders placed so far. */
  abstract void mark();

  /** Whether all orders up to the mark are applied, emitted or in the dead-letter queue. */
  abstract boolean isSettled();

  /** What is wrong after the repair, when everything is settled; empty if nothing is. */
  abstract String damage();

  final void start() throws Exception {
    execute("CREATE ROLE %role% LOGIN PASSWORD 'secret'");
    install();
    config.putAll(settings());
    config.putAll(database.settings());
    config.put("database.user", name);
    config.put("database.password", "secret");
    config.put("tasks.max", "1");
    config.put("database.connection.timeout.ms", "500");
    config.put("database.statement.timeout.ms", "1000");
    config.put("retry.backoff.max.ms", "500");
    config.putAll(fault.settings());
    fault.prepare().on(this);
    connector = stage.connectors().submit(name, config);
  }

  final boolean isCapturedAgain() {
    return capturedAgain;
  }

  final Fault fault() {
    return fault;
  }

  final Stage stage() {
    return stage;
  }

  final Database database() {
    return database;
  }

  final String connector() {
    return connector;
  }

  final void execute(String... statements) {
    database.execute(
        Stream.of(statements)
            .map(sql -> sql.replace("%role%", name).replace("%database%", database.name()))
            .toArray(String[]::new));
  }

  /** Before the connector starts: a setting. While it runs: the same, and it is restarted. */
  final void configure(String key, String value) {
    config.put(key, value);
    if (!connector.isEmpty()) {
      stage.connectors().submit(name, config);
    }
  }

  /** Before the connector starts: a proxy in front of its database. */
  final void connectThroughProxy() throws IOException {
    String url = config.getOrDefault("database.url", "");
    proxy = TcpProxy.to(Integer.parseInt(url.replaceAll(".*:(\\d+)/.*", "$1")));
    config.put("database.url", proxy.url() + database.name());
  }

  final TcpProxy proxy() {
    return Objects.requireNonNull(proxy);
  }

  /** Before the connector starts: a proxy in front of a pooler in front of its database. */
  final void connectThroughPooler() throws IOException {
    pooler = startPooler();
    config.put("database.url", pooler.url(database.name()));
    connectThroughProxy();
  }

  /** Before the connector starts: a pooler that takes over once the proxy is gone. */
  final void connectWithPoolerBeside() throws IOException {
    connectThroughProxy();
    String direct = config.getOrDefault("database.url", "");
    pooler = startPooler();
    config.put(
        "database.url",
        direct.replace("/" + database.name(), "")
            + pooler.url(database.name()).replaceAll(".*://", ","));
  }

  private PgBouncer startPooler() {
    return PgBouncer.start(
        database
            .settings()
            .getOrDefault("database.url", "")
            .replaceAll("jdbc:postgresql://(.*)/.*", "$1"),
        Map.of(name, "secret"),
        "ignore_startup_parameters = extra_float_digits",
        "max_client_conn = " + POOLER_CLIENTS);
  }

  /** Takes all of the pooler's connections, those of the connector included. */
  final void fillPooler() throws IOException, SQLException {
    proxy().goAway();
    String url = Objects.requireNonNull(pooler).url(database.name()) + "?prepareThreshold=0";
    for (int i = 0; i < POOLER_CLIENTS; i++) {
      held.push(DriverManager.getConnection(url, name, ""));
    }
    proxy().comeBack();
  }

  /** A session that holds what the statements lock, until the fault is repaired. */
  final void hold(String... statements) throws SQLException {
    Connection session = database.connect();
    held.push(session);
    session.setAutoCommit(false);
    for (String statement : statements) {
      Database.execute(session, statement);
    }
  }

  /** A session that replicates, and so takes a WAL sender, until the fault is repaired. */
  final void holdSender() throws SQLException {
    held.push(
        DriverManager.getConnection(
            stage.stack().postgres().jdbcUrl(database.name())
                + "?replication=database&preferQueryMode=simple&assumeMinServerVersion=14",
            stage.stack().postgres().user(),
            stage.stack().postgres().password()));
  }

  /** Ends the session that reads the slot, and drops the slot before another one reads it. */
  final void dropSlot() throws SQLException {
    Database server = new Database(stage.stack().postgres(), "postgres");
    String count = "SELECT count(*) FROM pg_replication_slots WHERE slot_name = '%s'";
    while (server.number(count.formatted(name)) > 0) {
      endSessions();
      try {
        server.execute("SELECT pg_drop_replication_slot('%s')".formatted(name));
      } catch (IllegalStateException read) {
        // The connector was faster.
      }
    }
  }

  final void release() throws Exception {
    while (!held.isEmpty()) {
      held.pop().close();
    }
  }

  @Override
  public final void close() {
    try {
      release();
      if (proxy != null) {
        proxy.close();
      }
    } catch (Exception e) {
      throw new IllegalStateException("Could not end " + fault, e);
    }
    if (pooler != null) {
      pooler.close();
    }
  }

  /** The sessions of the connector end, so that it has to connect again. */
  final void endSessions() {
    new Database(stage.stack().postgres(), "postgres")
        .texts(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '%s'"
                .formatted(name));
  }

  /** The database has another name, for the administrator as well. */
  final void rename(String newName) {
    new Database(stage.stack().postgres(), "postgres")
        .execute(
            "ALTER DATABASE " + database.name() + " WITH ALLOW_CONNECTIONS false",
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '%s'"
                .formatted(database.name()),
            "ALTER DATABASE " + database.name() + " RENAME TO " + newName,
            "ALTER DATABASE " + newName + " WITH ALLOW_CONNECTIONS true");
    database = new Database(stage.stack().postgres(), newName);
  }

  final void place() {
    try {
      place(++orders);
    } catch (SQLException e) {
      // The fault hinders the shop itself: there is no such order.
    }
  }

  /** Lets the fault begin; the log is read from here on. */
  final void begin() throws Exception {
    log = WorkerLog.fromNow(stage.stack(), connector);
    fault.begin().on(this);
  }

  /** Resets the offsets, as some messages say. */
  final void captureAgain() {
    capturedAgain = true;
    stage.connectors().stop(connector);
    stage.connectors().rest().deleteOffsets(connector);
    stage.connectors().rest().resume(connector);
  }

  final void repair() throws Exception {
    fault.repair().on(this);
    if (status().tasks().stream().anyMatch(task -> task.state().equals("FAILED"))) {
      stage.connectors().rest().restart(connector);
    }
  }

  final ConnectorStatus status() {
    return stage.connectors().rest().status(connector);
  }

  /** Whether the subject is where the fault may leave it. */
  final boolean hasEnded() {
    return switch (fault.end()) {
      case PROGRESS -> isSettled() && status().isRunning(fault.tasks());
      case FAILED -> fault.isNamedIn(stage.connectors().failures(connector));
      case WAITS -> status().isRunning(fault.tasks()) && says();
    };
  }

  private boolean says() {
    List<String> lines = log.warnings();
    return lines.stream().anyMatch(fault::isNamedIn)
        && waiting() > 0
        && fault.isNamedInFindings(findings());
  }

  final List<String> warnings() {
    return log.warnings();
  }

  private double waiting() {
    var beans = new TaskMBeans(stage, connector);
    return WAITING.stream().mapToDouble(beans::sum).sum();
  }

  private List<String> findings() {
    return Findings.of(stage.connectors().rest(), config).byKey().values().stream()
        .flatMap(List::stream)
        .toList();
  }

  private List<String> causes() {
    return status().failures().lines().filter(line -> line.startsWith("Caused by")).toList();
  }

  /** All that the subject says, for the message of a test that fails. */
  final String report() {
    return "%s: expected %s; %s; settled %s; metrics %s; log %s; validate %s"
        .formatted(
            fault,
            fault.end(),
            status().failures().isEmpty() ? status().tasks() : causes(),
            isSettled(),
            waiting(),
            warnings(),
            findings());
  }
}
