package io.orderflow.source.fuzz;

import io.orderflow.source.fixture.Validation;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a history in three databases at once: without anything of ours, with query capture, and with
 * log capture.
 */
final class SeedRun {

  /** Query capture has not seen what happened to a partition. */
  private static final String UNSEEN = ", which no trigger sees";

  private static final String NOT_SERIALIZABLE = "error 40001";

  /** A change of a table whose replica identity has a column that its publication lacks. */
  private static final String UNPUBLISHED_IDENTITY = "error 42P10 ERROR: cannot ";

  private static final long MAX_WAIT_NANOS = 30_000_000_000L;

  /** At the end: rules decide whether what is missing then had to be emitted. */
  private static final long MAX_LAST_WAIT_NANOS = 8_000_000_000L;

  private final FuzzServer server;
  private final FuzzTables tables;
  private final History history;
  private final Map<String, String> settings;
  private final String handingOver;
  private final List<String> trace = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();
  private final Set<String> fixes = new TreeSet<>();
  private final List<String> handovers = new ArrayList<>();
  private int captures;
  private int statements;
  private int failedStatements;
  private int events;
  private int transactions;
  private int openTransactions;
  private boolean serializable;
  private boolean differs;

  /**
   * Runs nothing yet.
   *
   * @param settings those of the connector that the tables do not decide
   * @param handingOver the capture that hands over to the other one, and back
   */
  SeedRun(
      FuzzServer server,
      FuzzTables tables,
      History history,
      Map<String, String> settings,
      String handingOver) {
    this.server = server;
    this.tables = tables;
    this.history = history;
    this.settings = settings;
    this.handingOver = handingOver;
  }

  /** A capture of one database. */
  private record Side(
      String name,
      ShopDatabase database,
      ShopLog log,
      CaptureUnderTest capture,
      boolean handsOver) {}

  /** The statements so far, with their outcomes if they failed. */
  List<String> trace() {
    return trace;
  }

  /** The reasons for which captures were refused. */
  List<String> refused() {
    return refused;
  }

  /** The kinds of statements that made tables ready. */
  Set<String> fixes() {
    return fixes;
  }

  SeedResult.Counts counts() {
    return new SeedResult.Counts(
        captures, statements, failedStatements, transactions, events, List.copyOf(handovers));
  }

  /**
   * Runs the history.
   *
   * @throws FuzzFailure if a capture or the installation fails, or events are wrong
   */
  void run() throws SQLException {
    try (ShopDatabase bare = new ShopDatabase(server, tables);
        ShopDatabase queried = new ShopDatabase(server, tables);
        ShopDatabase logged = new ShopDatabase(server, tables)) {
      for (Step step : history.before()) {
        agree(step, List.of(bare, queried, logged));
      }
      @Nullable Side query = side("query", queried);
      @Nullable Side log = side("log", logged);
      List<Side> sides = new ArrayList<>();
      if (query != null) {
        sides.add(query);
      }
      if (log != null) {
        sides.add(log);
        poll(log);
      }
      try {
        run(bare, sides);
        for (Side side : sides) {
          finish(side);
        }
      } finally {
        sides.forEach(side -> side.capture().close());
      }
    }
  }

  private @Nullable Side side(String name, ShopDatabase database) throws SQLException {
    Map<String, String> all = new HashMap<>(database.shop().logSettings(settings));
    all.putAll(tables.settings());
    all.put("capture", name);
    Installation installation = new Installation(database.shop(), tables);
    boolean handsOver;
    try {
      Optional<String> reason = installation.install(all);
      installation.fixes().forEach(fix -> fixes.add(name + ": " + fix));
      if (reason.isPresent()) {
        refused.add(reason.get());
        return null;
      }
      handsOver = name.equals(handingOver) && installation.install(otherCapture(all)).isEmpty();
    } catch (FuzzFailure e) {
      throw new FuzzFailure(name + ": " + e.getMessage(), e);
    }
    captures++;
    ShopLog log = database.observe();
    return new Side(name, database, log, new CaptureUnderTest(all, log), handsOver);
  }

  private void run(ShopDatabase bare, List<Side> sides) throws SQLException {
    List<ShopDatabase> databases = new ArrayList<>(List.of(bare));
    sides.forEach(side -> databases.add(side.database()));
    for (Step step : history.steps()) {
      if (step instanceof Step.Poll poll) {
        trace.add(step.toString());
        for (Side side : sides) {
          poll(side, side.capture()::pollIfChanged);
          if (poll.commits()) {
            side.capture().commit();
          }
        }
      } else if (step instanceof Step.CatchUp) {
        trace.add(step.toString());
        for (Side side : sides) {
          catchUp(side);
        }
      } else if (step instanceof Step.Handover handover) {
        for (Side side : sides) {
          handOver(side, handover);
        }
      } else if (step instanceof Step.Restart restart) {
        trace.add(step.toString());
        sides.forEach(side -> side.capture().restart(restart.killed()));
      } else {
        agree(step, databases);
        transactions += commits(step) ? 1 : 0;
        openTransactions += step instanceof Step.Begin ? 1 : 0;
        openTransactions -= ends(step) ? 1 : 0;
      }
    }
  }

  private static boolean commits(Step step) {
    return step instanceof Step.Commit
        || (step instanceof Step.EndPrepared prepared && prepared.commits());
  }

  private static boolean ends(Step step) {
    return step instanceof Step.Commit
        || step instanceof Step.Rollback
        || step instanceof Step.EndPrepared;
  }

  /** Runs a step in all databases, in which it must have the same outcome. */
  private void agree(Step step, List<ShopDatabase> databases) throws SQLException {
    List<String> outcomes = new ArrayList<>();
    for (ShopDatabase database : databases) {
      outcomes.add(database.run(step));
    }
    String first = outcomes.get(0);
    trace.add(step + (first.startsWith("error") ? " -- " + first : ""));
    statements++;
    failedStatements += first.startsWith("error") ? 1 : 0;
    // A replica identity that our advice adds may let a statement succeed that failed before. From
    // then on, the databases differ.
    differs |= first.contains("replica identity") || first.startsWith(UNPUBLISHED_IDENTITY);
    // Which transactions conflict depends on the pages that are read: on plans, and on triggers.
    serializable |=
        step instanceof Step.Begin begin && begin.isolation().equals(Step.Begin.SERIALIZABLE);
    differs |=
        serializable && outcomes.stream().anyMatch(outcome -> outcome.contains(NOT_SERIALIZABLE));
    for (String outcome : outcomes) {
      if (!differs && !outcome.equals(first)) {
        throw new FuzzFailure("a statement of the shop had the outcomes " + outcomes);
      }
    }
  }

  private static Map<String, String> otherCapture(Map<String, String> settings) {
    Map<String, String> other = new HashMap<>(settings);
    other.put("capture", "query".equals(settings.get("capture")) ? "log" : "query");
    return other;
  }

  private void handOver(Side side, Step.Handover handover) {
    if (!side.handsOver()) {
      return;
    }
    try {
      if (side.capture().handOver(handover.killed())) {
        trace.add(handover + ", of " + side.name());
        handovers.add(side.capture().isFromLog() ? "to capture=log" : "to capture=query");
      }
    } catch (RuntimeException e) {
      throw new FuzzFailure(side.name() + " capture does not hand over: " + e, e);
    }
  }

  private void poll(Side side) throws SQLException {
    poll(side, side.capture()::poll);
  }

  private void poll(Side side, Runnable poll) throws SQLException {
    try {
      poll.run();
    } catch (RuntimeException e) {
      if (repair(side, e)) {
        return;
      }
      if (!side.capture().isRemoval(e)) {
        throw new FuzzFailure(side.name() + " capture fails: " + e, e);
      }
      // As the message says, capture begins again. A slot is only created without transactions.
      if (openTransactions == 0) {
        check(side, side.capture().beforeRemoval());
        side.capture().beginAgain();
        side.database().shop().dropSlots();
        side.capture().poll();
      }
    }
  }

  /** Does what query capture says about partitions that were attached or removed. */
  private boolean repair(Side side, RuntimeException failure) throws SQLException {
    String message = String.valueOf(failure.getMessage());
    if (!message.contains(UNSEEN)) {
      return false;
    }
    if (openTransactions > 0) {
      return true;
    }
    side.database().shop().runScript(Validation.fix(message).orElseThrow());
    side.log().repaired();
    trace.add("-- " + side.name() + " capture stopped; its fix was run");
    return true;
  }

  /** Requires that a capture emits the present states while no transaction is open. */
  private void catchUp(Side side) throws SQLException {
    if (side.log().changesPartitions(side.capture().begun())) {
      // They are compared at the start of a task, and then every ten seconds.
      side.capture().restart(false);
    }
    long began = System.nanoTime();
    while (!rules(side, side.log().last()).isLastEmitted()
        && System.nanoTime() - began < MAX_WAIT_NANOS) {
      poll(side);
    }
    List<String> problems = rules(side, side.log().last()).lastProblems();
    if (!problems.isEmpty()) {
      throw new FuzzFailure(side.name() + " is not up to date: " + String.join("\n", problems));
    }
  }

  private void finish(Side side) throws SQLException {
    CaptureUnderTest capture = side.capture();
    // Partitions are compared at the start of a task, and then every ten seconds.
    capture.restart(false);
    boolean fromLog = capture.isFromLog();
    String sentinel = tables.idText(HistoryGenerator.SENTINEL);
    BooleanSupplier complete =
        () ->
            capture.events().stream().anyMatch(event -> event.id().equals(sentinel))
                && rules(side, side.log().last()).isLastEmitted();
    long began = System.nanoTime();
    while (!complete.getAsBoolean() && System.nanoTime() - began < MAX_LAST_WAIT_NANOS) {
      poll(side);
    }
    if (!fromLog) {
      poll(side);
    }
    check(side, side.log().last());
  }

  /** Checks the events since capture began, until a commit. */
  private void check(Side side, int end) {
    events += side.capture().events().size();
    List<String> problems = rules(side, end).problems();
    if (!problems.isEmpty()) {
      throw new FuzzFailure(side.name() + ": " + String.join("\n", problems));
    }
  }

  private EventRules rules(Side side, int end) {
    EventRules.Range range =
        new EventRules.Range(
            side.capture().start(), end, side.log().last(), side.capture().polls());
    List<CapturedEvent> emitted = side.capture().events();
    boolean deletes = !settings.getOrDefault("deletes.table", "").isEmpty();
    List<CapturePhase> phases = side.capture().phases();
    if (phases.size() > 1) {
      return new HandoverRules(tables, side.log(), emitted, range, phases, deletes);
    }
    return side.capture().isFromLog()
        ? new LogRules(tables, side.log(), emitted, range)
        : new QueryRules(tables, side.log(), emitted, range, deletes);
  }
}
