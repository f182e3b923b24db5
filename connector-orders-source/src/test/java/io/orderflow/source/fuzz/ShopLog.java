package io.orderflow.source.fuzz;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
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
   * @param changesSchema whether values may have changed without a change of their rows
   * @param truncates whether it truncated a table
   */
  record Commit(
      long xid,
      long from,
      long to,
      boolean changesSchema,
      boolean truncates,
      TableShape orders,
      TableShape items,
      Map<String, OrderState> states) {

    @Nullable OrderState state(String id) {
      return states.get(id);
    }
  }

  private final StateReader reader;
  private final List<Commit> commits = new ArrayList<>();
  private boolean rewritten;

  ShopLog(StateReader reader) {
    this.reader = reader;
  }

  /** Reads the state after a commit. */
  void committed(long xid, long from, long to, boolean changesSchema, boolean truncates)
      throws SQLException {
    if (changesSchema) {
      reader.forgetColumns();
    }
    commits.add(
        new Commit(
            xid,
            from,
            to,
            changesSchema,
            truncates,
            reader.orderShape(),
            reader.itemShape(),
            reader.read()));
  }

  /** Notes a statement that may write a table to another file. */
  void rewritten() {
    rewritten = true;
  }

  boolean isRewritten() {
    return rewritten;
  }

  Commit get(int index) {
    return commits.get(index);
  }

  int last() {
    return commits.size() - 1;
  }

  /** Whether an order differs from what it was before a commit. */
  boolean changes(int index, String id) {
    OrderState before = index == 0 ? null : commits.get(index - 1).state(id);
    OrderState after = commits.get(index).state(id);
    return before == null ? after != null : !before.equals(after);
  }

  /** Whether rows of an order were changed; a change of the schema alone changes none. */
  boolean changesRows(int index, String id) {
    return changes(index, id) && !commits.get(index).changesSchema();
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
