package io.orderflow.source.fuzz;

import io.orderflow.source.fuzz.Step.Sql.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Generates statements that attach, detach and drop a partition of the items, mostly with rows. */
final class PartitionSteps {

  /** A line that no other statement inserts, so that no partition by default has it. */
  static final int LINE = 9;

  private static final String PARTITION = "public.items_more";

  /** What there is of the partition. */
  enum State {
    ABSENT,
    ATTACHED,
    DETACHED
  }

  private final Draw draw;
  private final FuzzTables tables;
  private final Rows rows;
  private State state = State.ABSENT;

  PartitionSteps(Draw draw, FuzzTables tables, Rows rows) {
    this.draw = draw;
    this.tables = tables;
    this.rows = rows;
  }

  /** Whether items can have another partition, whose key has the order ID. */
  boolean isPossible() {
    return (tables.is("items partitioned by list") || tables.is("items partitioned by range"))
        && (tables.is("items keyed by order and line")
            || tables.is("items keyed by line and order"));
  }

  State state() {
    return state;
  }

  void restore(State before) {
    state = before;
  }

  /**
   * The next statements.
   *
   * @param existing orders of which an attached partition may have items
   */
  List<Step.Sql> next(int session, List<Integer> existing) {
    List<Step.Sql> steps = new ArrayList<>();
    switch (state) {
      case ABSENT -> {
        steps.add(
            Step.Sql.of(
                session,
                "CREATE TABLE %s (LIKE %s INCLUDING ALL EXCLUDING IDENTITY)"
                    .formatted(PARTITION, tables.itemsTable())));
        List<Map<String, String>> items =
            existing.stream().map(number -> rows.item(number, LINE)).toList();
        if (!items.isEmpty()) {
          steps.add(Step.Sql.of(session, Rows.insert(PARTITION, items)));
        }
        steps.add(attach(session));
        state = State.ATTACHED;
      }
      case ATTACHED -> {
        boolean drops = draw.oneIn(3);
        steps.add(
            remove(
                session,
                drops
                    ? "DROP TABLE " + PARTITION
                    : "ALTER TABLE %s DETACH PARTITION %s"
                        .formatted(tables.itemsTable(), PARTITION)));
        state = drops ? State.ABSENT : State.DETACHED;
      }
      default -> {
        boolean drops = draw.oneIn(3);
        steps.add(drops ? Step.Sql.of(session, "DROP TABLE " + PARTITION) : attach(session));
        state = drops ? State.ABSENT : State.ATTACHED;
      }
    }
    return steps;
  }

  private Step.Sql attach(int session) {
    String bounds =
        tables.is("items partitioned by list")
            ? "IN (%d)".formatted(LINE)
            : "FROM (%d) TO (%d)".formatted(LINE, LINE + 1);
    return new Step.Sql(
        session,
        "ALTER TABLE %s ATTACH PARTITION %s FOR VALUES %s"
            .formatted(tables.itemsTable(), PARTITION, bounds),
        Effect.ATTACHES,
        "");
  }

  private static Step.Sql remove(int session, String sql) {
    return new Step.Sql(session, sql, Effect.REMOVES, "");
  }
}
