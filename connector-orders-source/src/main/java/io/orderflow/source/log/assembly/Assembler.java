package io.orderflow.source.log.assembly;

import io.orderflow.source.event.ShopTables;
import io.orderflow.source.log.assembly.DatabaseTransaction.Truncated;
import io.orderflow.source.log.assembly.ShopRelations.ShopRelation;
import io.orderflow.source.log.protocol.LogMessage;
import io.orderflow.source.log.protocol.LogMessage.Begin;
import io.orderflow.source.log.protocol.LogMessage.Commit;
import io.orderflow.source.log.protocol.LogMessage.Delete;
import io.orderflow.source.log.protocol.LogMessage.Insert;
import io.orderflow.source.log.protocol.LogMessage.Relation;
import io.orderflow.source.log.protocol.LogMessage.RowChange;
import io.orderflow.source.log.protocol.LogMessage.Truncate;
import io.orderflow.source.log.protocol.LogMessage.Update;
import io.orderflow.source.log.protocol.OldRow;
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
public final class Assembler {

  private final ShopRelations relations;
  private final long mostBytes;

  private @Nullable Begin begun;
  private Map<String, List<Step>> steps = new LinkedHashMap<>();
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
  public Assembler(ShopTables tables, String ordersId, long mostBytes) {
    this.relations = new ShopRelations(tables, ordersId);
    this.mostBytes = mostBytes;
  }

  /**
   * Takes the next message.
   *
   * @param size of the message, in bytes
   * @return the transaction that it completes; null for all others
   * @throws UnusableLog when the log does not tell to which order a row belongs
   */
  public @Nullable DatabaseTransaction add(LogMessage message, int size) {
    bytes += size;
    if (message instanceof RowChange change) {
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

  private void add(RowChange change) {
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

  private void addOrder(ShopRelation table, RowChange change) {
    Relation relation = table.relation();
    if (change instanceof Insert insert) {
      add(table.ofNew(insert.row()), new Step.OrderPlaced(relation, insert.row()));
    } else if (change instanceof Update update) {
      String id = table.ofNew(update.row());
      OldRow old = update.old();
      if (old != null && !Objects.equals(id, table.ofOld(old))) {
        add(table.ofOld(old), new Step.OrderDeleted(relation, old));
      }
      add(id, new Step.OrderChanged(relation, update.row()));
    } else if (change instanceof Delete delete) {
      add(table.ofOld(delete.old()), new Step.OrderDeleted(relation, delete.old()));
    }
  }

  private void addItem(ShopRelation table, RowChange change) {
    Relation relation = table.relation();
    if (change instanceof Insert insert) {
      add(table.ofNew(insert.row()), new Step.ItemAdded(relation, insert.row()));
    } else if (change instanceof Update update) {
      String id = table.ofNew(update.row());
      OldRow old = update.old();
      if (old != null && !Objects.equals(id, table.ofOld(old))) {
        add(table.ofOld(old), new Step.ItemRemoved(relation, old));
        add(id, new Step.ItemAdded(relation, update.row()));
      } else {
        add(id, new Step.ItemChanged(relation, old, update.row()));
      }
    } else if (change instanceof Delete delete) {
      add(table.ofOld(delete.old()), new Step.ItemRemoved(relation, delete.old()));
    }
  }

  private void add(@Nullable String orderId, Step step) {
    if (orderId == null) {
      return;
    }
    List<Step> made = steps.computeIfAbsent(orderId, id -> new ArrayList<>(4));
    if (bytes > mostBytes && !forgotten) {
      steps.values().forEach(Assembler::forget);
      forgotten = true;
    }
    made.add(step);
    if (forgotten) {
      forget(made);
    }
  }

  /** Keeps a deletion at most: a look-up does not tell a deleted order from one never seen. */
  private static void forget(List<Step> made) {
    Step last = null;
    for (Step step : made) {
      if (step instanceof Step.OrderDeleted) {
        last = step;
      } else if (step instanceof Step.OrderPlaced || step instanceof Step.OrderChanged) {
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
