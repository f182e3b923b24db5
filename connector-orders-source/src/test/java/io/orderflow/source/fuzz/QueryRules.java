package io.orderflow.source.fuzz;

import java.util.List;
import java.util.OptionalInt;

/** What holds for events of query capture: each shows exactly the state that its version left. */
final class QueryRules extends EventRules {

  /** The transaction to which existing orders are attributed. */
  private static final long EXISTING = 2;

  private final boolean deletes;

  QueryRules(
      FuzzTables tables, ShopLog log, List<CapturedEvent> events, Range range, boolean deletes) {
    super(tables, log, events, range);
    this.deletes = deletes;
  }

  @Override
  void checkState(CapturedEvent event) {
    Long version = event.version();
    if (event.isDeletion()) {
      if (!wasDeleted(event)) {
        broken("the order was not deleted", event);
      }
    } else if (version == null) {
      broken("the event has no version", event);
    } else if (tables.version() != null) {
      checkKeptVersion(event, version);
    } else {
      OptionalInt commit = commitOf(version, event.seen());
      if (commit.isEmpty()) {
        broken("no transaction of the history has this version", event);
      } else if (changesUntil(event.id(), commit.getAsInt(), event.seen())
          || !states.shows(event, event.seen())) {
        broken(
            "the event does not show the state of its transaction "
                + log.get(commit.getAsInt()).state(event.id()),
            event);
      }
    }
  }

  private boolean changesUntil(String id, int from, int seen) {
    for (int index = from + 1; index <= seen; index++) {
      if (log.changesRows(index, id)) {
        return true;
      }
    }
    return false;
  }

  /** Orders are read while the task is polled. */
  @Override
  boolean canShow(CapturedEvent event, int own, int index) {
    return index == event.seen();
  }

  private boolean wasDeleted(CapturedEvent event) {
    return log.get(event.seen()).state(event.id()) == null;
  }

  private OptionalInt commitOf(long xid, int seen) {
    for (int index = 0; index <= seen; index++) {
      if (log.get(index).xid() == xid || (index == range.start() && xid == EXISTING)) {
        return OptionalInt.of(index);
      }
    }
    // The transaction of a repair is none of the shop's.
    Integer repair = log.repairs().floor(seen);
    return repair == null ? OptionalInt.empty() : OptionalInt.of(repair);
  }

  @Override
  void checkAll() {}

  @Override
  boolean sortsByCharacters() {
    return false;
  }

  @Override
  boolean seesDeletion(String id) {
    return deletes;
  }
}
