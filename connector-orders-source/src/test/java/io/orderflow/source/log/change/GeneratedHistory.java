package io.orderflow.source.log.change;

import io.orderflow.source.event.OrderSnapshot;
import io.orderflow.source.offset.CatalogVersion;
import io.orderflow.source.offset.Lsn;
import io.orderflow.source.offset.TransactionSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A model of the database: random transactions over few orders. In some histories no foreign key is
 * enforced, so that items come before their order or remain after it; and statements change the
 * values of all rows without logging them, as {@code ALTER COLUMN ... TYPE ... USING} does.
 */
final class GeneratedHistory {

  static final int ORDERS = 5;
  private static final long FIRST_XID = 100;

  /**
   * The state of an order: its row's status and version, and its items by line.
   *
   * @param status null if the order does not exist
   */
  record State(@Nullable String status, long version, TreeMap<Long, String> items) {

    private static final State ABSENT = new State(null, 0, new TreeMap<>());

    boolean exists() {
      return status != null;
    }

    String text(long id) {
      return exists() ? id + " " + status + " " + version + " " + items : id + " deleted";
    }

    private List<List<Object>> itemRows(long id) {
      List<List<Object>> rows = new ArrayList<>();
      items.forEach((line, sku) -> rows.add(new ArrayList<>(List.of(id, line, sku))));
      return rows;
    }

    private State rewritten() {
      TreeMap<Long, String> changed = new TreeMap<>(items);
      changed.replaceAll((line, sku) -> sku + "+");
      return new State(status == null ? null : status + "+", version, changed);
    }
  }

  private final Random random;
  private final boolean enforced;
  private final Map<Long, State> current = new HashMap<>();
  private final Map<Long, Long> lastVersions = new HashMap<>();
  private final List<DatabaseTransaction> transactions = new ArrayList<>();

  /** The state of all orders after each transaction; the first is the state before all. */
  private final List<Map<Long, State>> states = new ArrayList<>();

  /** For each state, how many statements have changed values without logging them. */
  private final List<Integer> rewrites = new ArrayList<>();

  GeneratedHistory(Random random) {
    this.random = random;
    this.enforced = random.nextBoolean();
    for (long id = 0; id < ORDERS; id++) {
      if (random.nextInt(3) == 0) {
        change(id);
      }
    }
    states.add(new HashMap<>(current));
    rewrites.add(0);
    boolean rewritesTables = random.nextInt(3) == 0;
    int count = 5 + random.nextInt(25);
    for (int i = 0; i < count; i++) {
      addTransaction();
      boolean rewrite = rewritesTables && random.nextInt(6) == 0;
      if (rewrite) {
        current.replaceAll((id, state) -> state.rewritten());
      }
      states.add(new HashMap<>(current));
      rewrites.add(rewrites.get(i) + (rewrite ? 1 : 0));
    }
  }

  private void addTransaction() {
    List<OrderChange> changes = new ArrayList<>();
    Set<Long> touched = new HashSet<>();
    int orders = 1 + random.nextInt(3);
    for (int j = 0; j < orders; j++) {
      long id = random.nextInt(ORDERS);
      if (touched.add(id)) {
        changes.add(change(id));
      }
    }
    transactions.add(
        OrderLog.transaction(FIRST_XID + transactions.size(), changes.toArray(new OrderChange[0])));
  }

  /** Changes one order in the model, and returns what the log has of it. */
  private OrderChange change(long id) {
    State before = current.getOrDefault(id, State.ABSENT);
    TreeMap<Long, String> items = new TreeMap<>(before.items());
    List<RowChange> rows = new ArrayList<>();
    boolean exists = before.exists();
    if (exists && random.nextInt(4) == 0) {
      delete(id, items, rows);
      exists = false;
      if (random.nextBoolean()) {
        return changed(id, State.ABSENT, items, rows);
      }
    }
    if (!exists && !enforced && random.nextInt(3) == 0) {
      changeItems(id, 1 + random.nextInt(2), items, rows);
      return changed(id, State.ABSENT, items, rows);
    }
    if (!exists && !enforced && random.nextBoolean()) {
      changeItems(id, 1, items, rows);
    }
    long version = lastVersions.getOrDefault(id, 0L) + 1;
    lastVersions.put(id, version);
    String status = "S" + random.nextInt(100);
    rows.add(
        exists
            ? OrderLog.updatedRow(id, status, version)
            : OrderLog.insertedRow(id, status, version));
    changeItems(id, random.nextInt(4), items, rows);
    return changed(id, new State(status, version, items), items, rows);
  }

  private void delete(long id, Map<Long, String> items, List<RowChange> rows) {
    for (long line : List.copyOf(items.keySet())) {
      if (enforced || random.nextBoolean()) {
        rows.add(OrderLog.deletedItem(id, line));
        items.remove(line);
      }
    }
    rows.add(OrderLog.deletedRow(id));
  }

  private void changeItems(long id, int count, Map<Long, String> items, List<RowChange> rows) {
    for (int i = 0; i < count; i++) {
      long line = random.nextInt(4);
      String sku = "A" + random.nextInt(100);
      if (!items.containsKey(line)) {
        rows.add(OrderLog.insertedItem(id, line, sku));
        items.put(line, sku);
      } else if (random.nextBoolean()) {
        rows.add(OrderLog.updatedItem(id, line, sku));
        items.put(line, sku);
      } else {
        rows.add(OrderLog.deletedItem(id, line));
        items.remove(line);
      }
    }
  }

  private OrderChange changed(long id, State row, Map<Long, String> items, List<RowChange> rows) {
    current.put(id, new State(row.status(), row.version(), new TreeMap<>(items)));
    long version = row.exists() ? row.version() : OrderChange.NO_VERSION;
    // A transaction that is too large keeps no row changes, except for a deletion.
    return random.nextInt(8) == 0
        ? new OrderChange(
            Long.toString(id),
            OrderChange.onlyDeletion(rows),
            false,
            version,
            OrderChange.NO_VERSION)
        : OrderLog.change(id, version, rows.toArray(new RowChange[0]));
  }

  List<DatabaseTransaction> transactions() {
    return transactions;
  }

  /** The index of a transaction. */
  int indexOf(DatabaseTransaction transaction) {
    return (int) (transaction.xid() - FIRST_XID);
  }

  /** The states of an order from a transaction on, which may follow it immediately. */
  List<State> statesFrom(int transaction, long id) {
    return states.subList(transaction + 1, states.size()).stream()
        .map(state -> state.getOrDefault(id, State.ABSENT))
        .toList();
  }

  /** Whether values were changed after a transaction without being logged. */
  boolean isRewrittenAfter(int transaction) {
    return !rewrites.get(transaction + 1).equals(rewrites.get(rewrites.size() - 1));
  }

  /** A number of committed transactions, of which at least {@code min}. */
  int anyCount(int min) {
    return min + random.nextInt(transactions.size() - min + 1);
  }

  /** A position after some committed transactions. */
  Lsn end(int committed) {
    return new Lsn(FIRST_XID + committed);
  }

  /** The state of the catalog after some transactions, seen for the first time. */
  CatalogVersion catalog(int committed) {
    return new CatalogVersion(rewrites.get(committed).toString(), FIRST_XID + committed);
  }

  /** The orders that have items without existing, after some transactions. */
  List<String> strays(int committed) {
    return states.get(committed).entrySet().stream()
        .filter(order -> !order.getValue().exists() && !order.getValue().items().isEmpty())
        .map(order -> order.getKey().toString())
        .toList();
  }

  LookUpResult lookUp(int committed, Set<String> ids) {
    Map<String, OrderSnapshot> found = new HashMap<>();
    Map<String, List<List<Object>>> strays = new HashMap<>();
    for (String text : ids) {
      long id = Long.parseLong(text);
      State state = states.get(committed).getOrDefault(id, State.ABSENT);
      String status = state.status();
      if (status != null) {
        List<Object> row = new ArrayList<>(List.of(id, status, state.version()));
        found.put(text, new OrderSnapshot(id, row, state.itemRows(id), false));
      } else if (!state.items().isEmpty()) {
        strays.put(text, state.itemRows(id));
      }
    }
    long xmax = FIRST_XID + committed;
    return new LookUpResult(
        new TransactionSnapshot(xmax, xmax, List.of()), end(committed), ids, found, strays);
  }
}
