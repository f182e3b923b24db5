package io.orderflow.source.log.change;

import io.orderflow.source.log.change.CapturedRelations.CapturedRelation;
import io.orderflow.source.log.change.CapturedRelations.Role;
import io.orderflow.source.log.change.CapturedRelations.WatchedRelation;
import io.orderflow.source.log.change.DatabaseTransaction.Truncated;
import io.orderflow.source.log.pgoutput.LogMessage;
import io.orderflow.source.log.pgoutput.LogMessage.Begin;
import io.orderflow.source.log.pgoutput.LogMessage.Commit;
import io.orderflow.source.log.pgoutput.LogMessage.Delete;
import io.orderflow.source.log.pgoutput.LogMessage.Insert;
import io.orderflow.source.log.pgoutput.LogMessage.OldRow;
import io.orderflow.source.log.pgoutput.LogMessage.Relation;
import io.orderflow.source.log.pgoutput.LogMessage.RowMessage;
import io.orderflow.source.log.pgoutput.LogMessage.Truncate;
import io.orderflow.source.log.pgoutput.LogMessage.Update;
import io.orderflow.source.log.pgoutput.Tuple;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.UnusableTablesException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Assembles the messages of one stream into transactions. For one thread. A new stream needs a new
 * assembler, since each stream describes the tables before their first change.
 */
public final class TransactionAssembler {

  private final CapturedRelations relations;
  private final long maxBytes;

  /** Whether rows are not kept at all, since they do not suffice to resolve any order. */
  private final boolean looksUpEveryOrder;

  private @Nullable Begin begin;
  private Map<String, PendingChange> changes = new LinkedHashMap<>();
  private Set<WatchReference> references = new LinkedHashSet<>();
  private Truncated truncated = Truncated.NOTHING;

  /** Whether the current transaction is too large to keep its row changes. */
  private boolean oversized;

  private long bytes;

  /**
   * Creates an assembler for the start of a stream.
   *
   * @param orderIdColumns names of the order ID's columns in the orders table
   * @param maxBytes the maximum size of the messages of a transaction; of a larger one, only order
   *     IDs and deletions are kept
   */
  public TransactionAssembler(CapturedTables tables, List<String> orderIdColumns, long maxBytes) {
    this.relations = new CapturedRelations(tables, orderIdColumns);
    this.maxBytes = maxBytes;
    this.looksUpEveryOrder = tables.looksUpEveryOrder();
  }

  /**
   * Adds the next message.
   *
   * @param size the size of the message, in bytes
   * @return the transaction that the message completes; null for all other messages
   * @throws UnusableTablesException if the log does not contain the order that a row belongs to
   */
  public @Nullable DatabaseTransaction add(LogMessage message, int size) {
    bytes += size;
    if (message instanceof RowMessage row) {
      addRow(row);
    } else if (message instanceof Begin first) {
      begin = first;
      bytes = size;
    } else if (message instanceof Commit commit) {
      return complete(commit);
    } else if (message instanceof Relation relation) {
      relations.describe(relation);
    } else if (message instanceof Truncate truncate) {
      truncate.relations().forEach(this::addTruncate);
    }
    return null;
  }

  /** Whether a transaction has begun that is not complete. */
  public boolean isWithinTransaction() {
    return begin != null;
  }

  private DatabaseTransaction complete(Commit commit) {
    Begin first = begin;
    if (first == null) {
      throw new IllegalStateException("The stream has a commit without a begin");
    }
    List<OrderChange> orders = new ArrayList<>(changes.size());
    changes.forEach((id, change) -> orders.add(change.complete(id)));
    DatabaseTransaction transaction =
        new DatabaseTransaction(
            first.xid(),
            commit.commitLsn(),
            commit.endLsn(),
            commit.commitTime(),
            Math.min(bytes, maxBytes),
            orders,
            List.copyOf(references),
            truncated);
    begin = null;
    changes = new LinkedHashMap<>();
    references = new LinkedHashSet<>();
    oversized = false;
    truncated = Truncated.NOTHING;
    return transaction;
  }

  private void addRow(RowMessage row) {
    CapturedRelation table = relations.find(row.relation());
    if (table != null && table.role() == Role.ORDERS) {
      addOrder(table, row);
    } else if (table != null) {
      addItem(table, row);
    }
    for (WatchedRelation watched : relations.watching(row.relation())) {
      addWatched(watched, row);
    }
  }

  private void addWatched(WatchedRelation table, RowMessage message) {
    CapturedRelation relation = table.relation();
    if (message instanceof Insert insert) {
      refer(table, relation.orderOfNew(insert.row(), null));
    } else if (message instanceof Update update) {
      OldRow old = update.old();
      if (old != null) {
        refer(table, relation.orderOfOld(old));
      }
      refer(table, relation.orderOfNew(update.row(), old));
    } else if (message instanceof Delete delete) {
      refer(table, relation.orderOfOld(delete.old()));
    }
  }

  /** Without a path, the reference is the order's ID: a change of the order without row changes. */
  private void refer(WatchedRelation table, @Nullable String key) {
    if (key == null) {
      return;
    }
    if (table.watched().path().isEmpty()) {
      PendingChange change = changeOf(key);
      if (oversized || looksUpEveryOrder) {
        change.lookUp();
      }
    } else {
      references.add(new WatchReference(table.watched(), key));
    }
  }

  private void addOrder(CapturedRelation table, RowMessage message) {
    Relation relation = table.relation();
    if (message instanceof Insert insert) {
      add(
          table.orderOfNew(insert.row(), null),
          table,
          new RowChange.OrderInserted(relation, insert.row()));
    } else if (message instanceof Update update) {
      OldRow old = update.old();
      String id = table.orderOfNew(update.row(), old);
      if (old != null && !Objects.equals(id, table.orderOfOld(old))) {
        add(table.orderOfOld(old), table, new RowChange.OrderDeleted(relation, old));
      }
      add(id, table, new RowChange.OrderUpdated(relation, update.row()));
    } else if (message instanceof Delete delete) {
      add(
          table.orderOfOld(delete.old()),
          table,
          new RowChange.OrderDeleted(relation, delete.old()));
    }
  }

  private void addItem(CapturedRelation table, RowMessage message) {
    Relation relation = table.relation();
    if (message instanceof Insert insert) {
      add(
          table.orderOfNew(insert.row(), null),
          table,
          new RowChange.ItemInserted(relation, insert.row()));
    } else if (message instanceof Update update) {
      OldRow old = update.old();
      String id = table.orderOfNew(update.row(), old);
      if (old != null && !Objects.equals(id, table.orderOfOld(old))) {
        add(table.orderOfOld(old), table, new RowChange.ItemDeleted(relation, old));
        add(id, table, new RowChange.ItemInserted(relation, update.row()));
      } else {
        add(id, table, new RowChange.ItemUpdated(relation, old, update.row()));
      }
    } else if (message instanceof Delete delete) {
      add(table.orderOfOld(delete.old()), table, new RowChange.ItemDeleted(relation, delete.old()));
    }
  }

  private void add(@Nullable String orderId, CapturedRelation table, RowChange row) {
    if (orderId == null) {
      return;
    }
    PendingChange change = changeOf(orderId);
    change.add(table, row);
    if (oversized || looksUpEveryOrder) {
      change.lookUp();
    }
  }

  private PendingChange changeOf(String orderId) {
    if (bytes > maxBytes && !oversized) {
      oversized = true;
      changes.values().forEach(PendingChange::lookUp);
    }
    return changes.computeIfAbsent(orderId, id -> new PendingChange());
  }

  /** The change of an order whose transaction is not complete. */
  private static final class PendingChange {

    private List<RowChange> rows = new ArrayList<>(4);
    private boolean isLookedUp;
    private long writtenVersion = OrderChange.NO_VERSION;
    private long deletedVersion = OrderChange.NO_VERSION;

    void add(CapturedRelation table, RowChange row) {
      rows.add(row);
      Tuple written = row.writtenOrder();
      if (written != null) {
        long version = table.versionOf(written);
        writtenVersion = version == OrderChange.NO_VERSION ? writtenVersion : version;
      }
      OldRow deleted = row.deletedOrder();
      if (deleted != null && deleted.kind() == OldRow.Kind.FULL) {
        deletedVersion = Math.max(deletedVersion, table.versionOf(deleted.tuple()));
      }
    }

    /**
     * Forgets the rows except for a deletion: the order has changed, and a look-up will show it. A
     * change may consist of this alone.
     */
    void lookUp() {
      rows = OrderChange.onlyDeletion(rows);
      isLookedUp = true;
    }

    OrderChange complete(String orderId) {
      return new OrderChange(orderId, rows, !isLookedUp, writtenVersion, deletedVersion);
    }
  }

  private void addTruncate(long oid) {
    CapturedRelation table = relations.find(oid);
    if (table != null) {
      truncated = truncated.and(table.role() == Role.ORDERS ? Truncated.ORDERS : Truncated.ITEMS);
    } else if (!relations.watching(oid).isEmpty()) {
      truncated = truncated.and(Truncated.WATCHED);
    }
  }
}
