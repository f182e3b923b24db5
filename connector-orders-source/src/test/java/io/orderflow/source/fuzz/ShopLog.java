package io.orderflow.source.fuzz;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The states of one database after each commit, as its own records have them. */
final class ShopLog {

  /**
   * A commit.
   *
   * @param xid its transaction; 0 if it wrote nothing
   * @param from an LSN before its commit record
   * @param to an LSN after its commit record
   * @param changed the orders whose rows it changed; a change of the schema changes values only
   * @param attached the orders that got items with a partition
   * @param removes whether it truncated a table, or removed a partition
   */
  record Commit(
      long xid,
      long from,
      long to,
      Set<String> changed,
      Set<String> attached,
      boolean removes,
      TableShape orders,
      TableShape items,
      Map<String, OrderState> states) {

    @Nullable OrderState state(String id) {
      return states.get(id);
    }

    Commit withStates(Map<String, OrderState> other) {
      return new Commit(xid, from, to, changed, attached, removes, orders, items, other);
    }
  }

  private final StateReader reader;
  private final List<Commit> commits = new ArrayList<>();
  private final NavigableSet<Integer> repairs = new TreeSet<>();
  private boolean rewritten;

  ShopLog(StateReader reader) {
    this.reader = reader;
  }

  /** Reads the state after a commit. */
  void committed(long xid, long from, long to, ChangedRows rows, boolean truncates)
      throws SQLException {
    if (rows.changesSchema()) {
      reader.forgetColumns();
    }
    Map<String, OrderState> states = reader.read();
    Set<String> changed = rows.until(lastStates(), states);
    commits.add(
        new Commit(
            xid,
            from,
            to,
            changed,
            rows.attached(),
            truncates || rows.removes(),
            reader.orderShape(),
            reader.itemShape(),
            states));
  }

  /** The states after the last commit. */
  Map<String, OrderState> lastStates() {
    return commits.isEmpty() ? Map.of() : get(last()).states();
  }

  /**
   * Notes that orders were recorded as changed, in a transaction that changes nothing else: it
   * belongs to the last commit, so that the next one does not seem to have changed these orders.
   */
  void repaired() throws SQLException {
    repairs.add(last());
    commits.set(last(), get(last()).withStates(reader.read()));
  }

  /** The last commits before each repair. */
  NavigableSet<Integer> repairs() {
    return repairs;
  }

  /** Notes a statement that may write a table to another file. */
  void rewritten() {
    rewritten = true;
  }

  boolean isRewritten() {
    return rewritten;
  }

  /** Whether a commit after another one attached, detached or dropped a partition. */
  boolean changesPartitions(int after) {
    return commits.subList(after + 1, commits.size()).stream()
        .anyMatch(commit -> !commit.attached().isEmpty() || commit.removes());
  }

  /** Whether an order got items with a partition until a commit. */
  boolean attachesUntil(int index, String id) {
    return commits.subList(0, index + 1).stream()
        .anyMatch(commit -> commit.attached().contains(id));
  }

  /** Whether a commit after another one truncated a table, or removed a partition. */
  boolean removesAfter(int index) {
    return commits.subList(index + 1, commits.size()).stream().anyMatch(Commit::removes);
  }

  Commit get(int index) {
    return commits.get(index);
  }

  int last() {
    return commits.size() - 1;
  }

  /** Whether rows of an order were changed; a change of the schema alone changes none. */
  boolean changesRows(int index, String id) {
    return commits.get(index).changed().contains(id);
  }

  /** The IDs of all orders that exist after one commit of a range at least. */
  NavigableSet<String> ids(int from, int to) {
    NavigableSet<String> ids = new TreeSet<>();
    for (int i = from; i <= to; i++) {
      ids.addAll(commits.get(i).states().keySet());
    }
    return ids;
  }
}
