package io.orderflow.source.log.change;

import io.orderflow.source.log.change.CapturedRelations.ShopRelation;
import io.orderflow.source.log.change.DatabaseTransaction.Truncated;
import io.orderflow.source.log.pgoutput.LogMessage;
import io.orderflow.source.log.pgoutput.LogMessage.Begin;
import io.orderflow.source.log.pgoutput.LogMessage.Commit;
import io.orderflow.source.log.pgoutput.LogMessage.Delete;
import io.orderflow.source.log.pgoutput.LogMessage.Insert;
import io.orderflow.source.log.pgoutput.LogMessage.Relation;
import io.orderflow.source.log.pgoutput.LogMessage.RowMessage;
import io.orderflow.source.log.pgoutput.LogMessage.Truncate;
import io.orderflow.source.log.pgoutput.LogMessage.Update;
import io.orderflow.source.log.pgoutput.OldRow;
import io.orderflow.source.schema.CapturedTables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Puts a stream's messages together to transactions. For one thread; a new stream needs a new one,
 * since a stream tells the tables' columns before their first change in it.
 */
public final class TransactionAssembler {

  private final CapturedRelations relations;
  private final long mostBytes;

  private @Nullable Begin begun;
  private Map<String, List<RowChange>> steps = new LinkedHashMap<>();
  private Truncated truncated = Truncated.NOTHING;
  private boolean reshaped;

  /** Whether the transaction at hand is too large to keep its steps. */
  private boolean forgotten;

  private long bytes;

  /**
   * An assembler at the start of a stream.
   *
   * @param ordersId name of the order ID's column
   * @param mostBytes of messages that are kept of one transaction; of a larger one only the order
   *     IDs are
   */
  public TransactionAssembler(CapturedTables tables, String ordersId, long mostBytes) {
    this.relations = new CapturedRelations(tables, ordersId);
    this.mostBytes = mostBytes;
  }

  /**
   * Takes the next message.
   *
   * @param size of the message, in bytes
   * @return the transaction that it completes; null for all others
   * @throws UnusableLogException when the log does not tell to which order a row belongs
   */
  public @Nullable DatabaseTransaction add(LogMessage message, int size) {
    bytes += size;
    if (message instanceof RowMessage change) {
      add(change);
    } else if (message instanceof Begin begin) {
      begun = begin;
      bytes = 0;
    } else if (message instanceof Commit commit) {
      return complete(commit);
    } else if (message instanceof Relation relation) {
      reshaped |= relations.learn(relation);
    } else if (message instanceof Truncate truncate) {
      truncate.relations().forEach(this::truncate);
    }
    return null;
  }

  /** Whether a transaction has begun that is not complete. */
  public boolean within() {
    return begun != null;
  }

  private DatabaseTransaction complete(Commit commit) {
    Begin begin = begun;
    if (begin == null) {
      throw new IllegalStateException("A transaction ends that has not begun");
    }
    List<OrderChange> orders = new ArrayList<>(steps.size());
    steps.forEach((id, made) -> orders.add(new OrderChange(id, made, !forgotten)));
    DatabaseTransaction transaction =
        new DatabaseTransaction(
            begin.xid(),
            commit.commitLsn(),
            commit.endLsn(),
            commit.commitTime(),
            Math.min(bytes, mostBytes),
            orders,
            truncated,
            reshaped);
    begun = null;
    steps = new LinkedHashMap<>();
    forgotten = false;
    truncated = Truncated.NOTHING;
    reshaped = false;
    return transaction;
  }

  private void add(RowMessage change) {
    ShopRelation table = relations.of(change.relation());
    if (table == null) {
      return;
    }
    if (table.orders()) {
      addOrder(table, change);
    } else {
      addItem(table, change);
    }
  }

  private void addOrder(ShopRelation table, RowMessage change) {
    Relation relation = table.relation();
    if (change instanceof Insert insert) {
      add(table.ofNew(insert.row()), new RowChange.OrderPlaced(relation, insert.row()));
    } else if (change instanceof Update update) {
      String id = table.ofNew(update.row());
      OldRow old = update.old();
      if (old != null && !Objects.equals(id, table.ofOld(old))) {
        add(table.ofOld(old), new RowChange.OrderDeleted(relation, old));
      }
      add(id, new RowChange.OrderChanged(relation, update.row()));
    } else if (change instanceof Delete delete) {
      add(table.ofOld(delete.old()), new RowChange.OrderDeleted(relation, delete.old()));
    }
  }

  private void addItem(ShopRelation table, RowMessage change) {
    Relation relation = table.relation();
    if (change instanceof Insert insert) {
      add(table.ofNew(insert.row()), new RowChange.ItemAdded(relation, insert.row()));
    } else if (change instanceof Update update) {
      String id = table.ofNew(update.row());
      OldRow old = update.old();
      if (old != null && !Objects.equals(id, table.ofOld(old))) {
        add(table.ofOld(old), new RowChange.ItemRemoved(relation, old));
        add(id, new RowChange.ItemAdded(relation, update.row()));
      } else {
        add(id, new RowChange.ItemChanged(relation, old, update.row()));
      }
    } else if (change instanceof Delete delete) {
      add(table.ofOld(delete.old()), new RowChange.ItemRemoved(relation, delete.old()));
    }
  }

  private void add(@Nullable String orderId, RowChange step) {
    if (orderId == null) {
      return;
    }
    List<RowChange> made = steps.computeIfAbsent(orderId, id -> new ArrayList<>(4));
    if (bytes > mostBytes && !forgotten) {
      steps.values().forEach(TransactionAssembler::forget);
      forgotten = true;
    }
    made.add(step);
    if (forgotten) {
      forget(made);
    }
  }

  /** Keeps a deletion at most: a look-up does not tell a deleted order from one never seen. */
  private static void forget(List<RowChange> made) {
    RowChange last = null;
    for (RowChange step : made) {
      if (step instanceof RowChange.OrderDeleted) {
        last = step;
      } else if (step instanceof RowChange.OrderPlaced || step instanceof RowChange.OrderChanged) {
        last = null;
      }
    }
    made.clear();
    if (last != null) {
      made.add(last);
    }
  }

  private void truncate(long oid) {
    ShopRelation table = relations.of(oid);
    if (table == null) {
      return;
    }
    if (table.orders()) {
      truncated = Truncated.ORDERS;
    } else if (truncated == Truncated.NOTHING) {
      truncated = Truncated.ITEMS;
    }
  }
}
