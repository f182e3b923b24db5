package io.orderflow.source.fuzz;

import io.orderflow.source.fuzz.ShopLog.Commit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;

/**
 * What holds for the events of either capture: each shows a state that existed when its version
 * says, versions of an order increase, and the last event shows the last state.
 */
abstract class EventRules {

  final FuzzTables tables;
  final ShopLog log;
  final List<CapturedEvent> events;

  final Range range;

  final StateComparison states;
  final List<String> problems = new ArrayList<>();

  /**
   * The commits that the events are compared with.
   *
   * @param start the index of the last commit before capture began
   * @param end the index of the last commit that it has to show
   * @param last the index of the last commit while it ran
   * @param polls the last commits before each poll
   */
  record Range(int start, int end, int last, NavigableSet<Integer> polls) {}

  EventRules(FuzzTables tables, ShopLog log, List<CapturedEvent> events, Range range) {
    this.tables = tables;
    this.log = log;
    this.events = events;
    this.range = range;
    this.states = new StateComparison(tables, log);
  }

  /** All rules that are broken; empty if there are none. */
  List<String> problems() {
    checkVersions();
    for (CapturedEvent event : events) {
      checkState(event);
      if (!states.isSorted(event, sortsByCharacters())) {
        broken("the items are not in the order of " + tables.itemOrder(), event);
      }
    }
    if (range.end() == log.last()) {
      checkLast();
    }
    checkAll();
    return problems;
  }

  /** The rules that were found broken. */
  final List<String> problemsSoFar() {
    return List.copyOf(problems);
  }

  /** Checks that an event shows the state of its version. */
  abstract void checkState(CapturedEvent event);

  /** Checks what holds for all events together. */
  abstract void checkAll();

  /** Whether texts that sort items are compared by their characters, not by a collation. */
  abstract boolean sortsByCharacters();

  /** Whether the last event of an order, which is deleted, must be its deletion. */
  abstract boolean seesDeletion(String id);

  final void broken(String rule, @Nullable Object event) {
    problems.add(rule + (event == null ? "" : ": " + event));
  }

  /** Whether the last event of each order shows its last state. */
  final boolean isLastEmitted() {
    return lastProblems().isEmpty();
  }

  /** The orders whose last event does not show their last state. */
  final List<String> lastProblems() {
    problems.clear();
    checkLast();
    List<String> found = List.copyOf(problems);
    problems.clear();
    return found;
  }

  private void checkVersions() {
    Map<String, Long> last = new HashMap<>();
    for (CapturedEvent event : events) {
      Long version = event.version();
      if (version == null) {
        last.remove(event.id());
        continue;
      }
      Long before = last.put(event.id(), version);
      if (before != null && before.equals(version) && mayRepeat(event)) {
        continue;
      }
      if (before != null && before >= version) {
        broken("the version is not greater than " + before, event);
      }
    }
  }

  /**
   * After a table was rewritten, an initial snapshot does not know which orders were emitted. An
   * order that gets items with a partition keeps the version that the shop has written, also if no
   * event shows these items.
   */
  private boolean mayRepeat(CapturedEvent event) {
    if (tables.version() == null) {
      return false;
    }
    return isOfInitialSnapshot(event)
        ? log.isRewritten()
        : log.attachesUntil(event.seen(), event.id())
            || (tables.reading().hidesItems() && log.repairs().floor(event.seen()) != null);
  }

  /** Whether an event may come from a chunk. */
  boolean isOfInitialSnapshot(CapturedEvent event) {
    return event.isSnapshot();
  }

  private void checkLast() {
    Map<String, CapturedEvent> last = new HashMap<>();
    events.forEach(event -> last.put(event.id(), event));
    Commit end = log.get(log.last());
    for (String id : end.states().keySet()) {
      CapturedEvent event = last.get(id);
      OrderState state = end.state(id);
      if (state != null && state.skipped()) {
        continue;
      }
      if (event == null || event.isDeletion()) {
        broken("the last state of order " + id + " was not emitted", event);
      } else if (!showsOneOf(event, lastChange(id, true), log.last()) && !isLastAgain(event)) {
        broken("the last event does not show the last state " + state, event);
      }
    }
    last.forEach(
        (id, event) -> {
          if (!event.isDeletion() && end.state(id) == null && seesDeletion(id)) {
            broken("the order is deleted", event);
          }
        });
  }

  /**
   * A partition may have been attached and removed between two polls. Columns that were added since
   * do not make another event.
   */
  private boolean isLastAgain(CapturedEvent event) {
    OrderState last = log.get(log.last()).state(event.id());
    int from = lastChange(event.id(), false);
    for (int index = from; last != null && index <= log.last(); index++) {
      OrderState state = log.get(index).state(event.id());
      if (state != null
          && state.equalsInCommonColumns(last)
          && states.shows(event, index)
          && canShow(event, from, index)) {
        return true;
      }
    }
    return false;
  }

  private int lastChange(String id, boolean byPartitions) {
    int index = log.last();
    while (index > 0
        && !log.changesRows(index, id)
        && !(byPartitions && log.get(index).attached().contains(id))) {
      index--;
    }
    return index;
  }

  /**
   * Whether an event can show the state after a commit.
   *
   * @param own the event's own commit, which is not later
   */
  abstract boolean canShow(CapturedEvent event, int own, int index);

  /** Whether an event shows the state after one commit of a range; both ends are included. */
  final boolean showsOneOf(CapturedEvent event, int from, int to) {
    for (int index = from; index <= to; index++) {
      if (states.shows(event, index) && canShow(event, from, index)) {
        return true;
      }
    }
    return false;
  }

  /** Checks that an event shows the state that had its version, of the version column. */
  final void checkKeptVersion(CapturedEvent event, long version) {
    String expected = Long.toString(version);
    int last = event.seen();
    while (last >= 0 && !expected.equals(keptVersion(last, event.id()))) {
      last--;
    }
    if (last < 0) {
      broken("the order never had this version", event);
      return;
    }
    int first = last;
    while (first > 0 && expected.equals(keptVersion(first - 1, event.id()))) {
      first--;
    }
    if (!showsOneOf(event, first, last) && !showsWithoutPartition(event, first, last)) {
      broken("the event does not show " + log.get(last).state(event.id()), event);
    }
  }

  /**
   * The items of a partition that was attached and removed again may be in no event; everything
   * else is.
   */
  private boolean showsWithoutPartition(CapturedEvent event, int from, int to) {
    if (!log.attachesUntil(to, event.id()) || !log.removesAfter(from)) {
      return false;
    }
    for (int index = from; index <= to; index++) {
      if (states.showsWithoutPartition(event, index) && canShow(event, from, index)) {
        return true;
      }
    }
    return false;
  }

  /** The version column's value; null if the order does not exist. */
  private @Nullable String keptVersion(int index, String id) {
    OrderState state = log.get(index).state(id);
    if (state != null) {
      for (Map.Entry<Integer, String> column : log.get(index).orders().names().entrySet()) {
        if (column.getValue().equals(tables.version())) {
          return state.values().get(column.getKey());
        }
      }
    }
    return null;
  }
}
