package io.orderflow.source.fuzz;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Generates histories: transactions of several sessions, changes of the schema, and restarts. */
final class HistoryGenerator {

  /** The number of an order that the last transaction inserts. */
  static final int SENTINEL = ShopModel.ORDERS + 1;

  private static final int SESSIONS = 3;

  private static final String READ_COMMITTED = "READ COMMITTED";

  /** More entries make an isolation level more frequent. */
  private static final List<String> ISOLATIONS =
      List.of(
          READ_COMMITTED,
          READ_COMMITTED,
          READ_COMMITTED,
          READ_COMMITTED,
          READ_COMMITTED,
          "REPEATABLE READ",
          "REPEATABLE READ",
          Step.Begin.SERIALIZABLE);

  private static final List<String> SETTINGS =
      List.of(
          "TimeZone = 'Asia/Kathmandu'",
          "IntervalStyle = 'sql_standard'",
          "bytea_output = 'escape'",
          "extra_float_digits = -3",
          "synchronous_commit = off",
          "search_path = ''",
          "enable_seqscan = off",
          "plan_cache_mode = 'force_generic_plan'",
          "session_replication_role = 'replica'",
          "constraint_exclusion = on",
          "row_security = off");

  private final Draw draw;
  private final ShopModel model = new ShopModel();
  private final Rows rows;
  private final StatementGenerator statements;
  private final PartitionSteps partitions;
  private final SchemaChanges schemaChanges;
  private final boolean hasViews;
  private final ShopModel.@Nullable Transaction[] open = new ShopModel.Transaction[SESSIONS];
  private final boolean[] savepoints = new boolean[SESSIONS];
  private final boolean[] prepared = new boolean[SESSIONS];
  private List<Step> steps = new ArrayList<>();

  HistoryGenerator(Draw draw, FuzzTables tables) {
    this.draw = draw;
    this.rows = new Rows(draw.split(), tables);
    this.statements = new StatementGenerator(draw.split(), tables, model, rows);
    this.partitions = new PartitionSteps(draw.split(), tables, rows);
    this.hasViews = tables.reading().hasViews();
    this.schemaChanges = new SchemaChanges(draw.split(), tables, rows);
  }

  History generate() {
    int existing = draw.below(4);
    for (int i = 0; i < existing; i++) {
      transaction(0);
    }
    endAll();
    List<Step> before = steps;
    steps = new ArrayList<>();
    int count = draw.between(5, 90);
    for (int i = 0; i < count; i++) {
      step();
    }
    endAll();
    steps.add(new Step.Begin(0, READ_COMMITTED));
    steps.add(Step.Sql.of(0, statements.insertOrders(List.of(SENTINEL))));
    steps.add(new Step.Commit(0));
    return new History(before, steps);
  }

  private void step() {
    if (draw.oneIn(16)) {
      endAll();
      alone();
    } else if (draw.oneIn(10)) {
      endAll();
      steps.add(new Step.CatchUp());
    } else if (draw.oneIn(20)) {
      endAll();
      steps.add(new Step.Handover(draw.flip()));
    } else if (draw.oneIn(5)) {
      steps.add(new Step.Poll(!draw.oneIn(3)));
    } else if (draw.oneIn(25)) {
      steps.add(new Step.Restart(draw.flip()));
    } else {
      transaction(draw.below(SESSIONS));
    }
  }

  /** Changes a table while no other transaction has locked it. */
  private void alone() {
    if (draw.oneIn(8)) {
      steps.add(Step.Sql.of(0, schemaChanges.rewrite()));
      return;
    }
    ShopModel.Transaction transaction = model.begin(false);
    Rows.Columns columns = rows.columns();
    PartitionSteps.State partition = partitions.state();
    open[0] = transaction;
    steps.add(new Step.Begin(0, READ_COMMITTED));
    if (draw.oneIn(3)) {
      change(0);
    }
    if (partitions.isPossible() && draw.flip()) {
      steps.addAll(partitions.next(0, existing(transaction)));
    } else if (draw.oneIn(4) || hasViews) {
      transaction.claimAll();
      statements.truncate().forEach(sql -> steps.add(Step.Sql.of(0, sql)));
    } else {
      steps.add(Step.Sql.ddl(0, schemaChanges.change()));
    }
    if (draw.flip()) {
      change(0);
    }
    boolean rollback = draw.oneIn(8);
    if (rollback) {
      rows.restore(columns);
      partitions.restore(partition);
    }
    end(0, rollback);
  }

  private List<Integer> existing(ShopModel.Transaction transaction) {
    return transaction.claim(draw, 4).stream()
        .filter(number -> model.order(number).exists)
        .toList();
  }

  /** Begins a transaction, continues or ends it. */
  private void transaction(int session) {
    ShopModel.Transaction transaction = open[session];
    if (transaction == null) {
      String isolation = ISOLATIONS.get(draw.below(ISOLATIONS.size()));
      open[session] = model.begin(!isolation.equals(READ_COMMITTED));
      savepoints[session] = false;
      steps.add(new Step.Begin(session, isolation));
      if (draw.oneIn(8)) {
        steps.add(Step.Sql.of(session, "SET LOCAL " + draw.of(SETTINGS)));
      }
      change(session);
    } else if (prepared[session]) {
      end(session, draw.oneIn(4));
    } else if (draw.oneIn(3)) {
      change(session);
    } else if (savepoints[session] && draw.flip()) {
      steps.add(Step.Sql.of(session, "ROLLBACK TO SAVEPOINT s"));
      transaction.rollbackToSavepoint();
    } else if (draw.oneIn(4)) {
      steps.add(Step.Sql.of(session, "SAVEPOINT s"));
      transaction.savepoint();
      savepoints[session] = true;
      change(session);
    } else if (draw.oneIn(8)) {
      steps.add(new Step.Prepare(session));
      prepared[session] = true;
    } else {
      end(session, draw.oneIn(6));
    }
  }

  private void change(int session) {
    ShopModel.Transaction transaction = open[session];
    if (transaction != null && draw.oneIn(12)) {
      statements.copy(session, transaction).ifPresent(steps::add);
    } else if (transaction != null) {
      statements.change(transaction).forEach(sql -> steps.add(Step.Sql.of(session, sql)));
    }
  }

  private void end(int session, boolean rollback) {
    ShopModel.Transaction transaction = open[session];
    if (transaction != null) {
      if (rollback) {
        transaction.rollback();
      } else {
        transaction.commit();
      }
      if (prepared[session]) {
        steps.add(new Step.EndPrepared(session, !rollback));
        prepared[session] = false;
      } else {
        steps.add(rollback ? new Step.Rollback(session) : new Step.Commit(session));
      }
      open[session] = null;
    }
  }

  private void endAll() {
    for (int session = 0; session < SESSIONS; session++) {
      end(session, false);
    }
  }
}
