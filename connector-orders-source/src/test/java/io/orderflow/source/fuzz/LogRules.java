package io.orderflow.source.fuzz;

import io.orderflow.source.fuzz.ShopLog.Commit;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What holds for events of log capture: each transaction's changed orders are emitted in the order
 * of commits, and show the state of that commit, or a later one if they had to be looked up.
 */
final class LogRules extends EventRules {

  LogRules(FuzzTables tables, ShopLog log, List<CapturedEvent> events, Range range) {
    super(tables, log, events, range);
  }

  @Override
  void checkState(CapturedEvent event) {
    Long version = event.version();
    if (tables.version() != null) {
      if (!event.isDeletion() && version != null) {
        checkKeptVersion(event, version);
      }
      return;
    }
    if (version == null) {
      broken("the event has no version", event);
      return;
    }
    OptionalInt commit = event.isSnapshot() ? lastBefore(version, event) : commitAt(version);
    if (commit.isEmpty()) {
      broken("no transaction of the history committed at " + version, event);
    } else if (event.isDeletion()) {
      boolean mayBeLater = tables.reading().hidesOrders();
      int last = mayBeLater ? event.seen() : commit.getAsInt();
      if (!showsOneOf(event, commit.getAsInt(), last)) {
        broken("the transaction did not delete the order", event);
      }
    } else if (!showsOneOf(event, commit.getAsInt(), event.seen())
        && !isWithoutRemovedPartition(event, commit.getAsInt())) {
      broken(
          "the event does not show the state of its transaction, or a later one, "
              + log.get(commit.getAsInt()).state(event.id()),
          event);
    }
  }

  /** Look-ups happen while the task is polled; the chunks of a snapshot are read at any time. */
  @Override
  boolean canShow(CapturedEvent event, int own, int index) {
    return index == own || event.isSnapshot() || range.polls().contains(index);
  }

  /** The commit whose state an event shows, if it shows no later one. */
  int commitOf(CapturedEvent event) {
    long version = event.version() == null ? 0 : event.version();
    OptionalInt commit = event.isSnapshot() ? OptionalInt.empty() : commitAt(version);
    return commit.isPresent() ? commit.getAsInt() : lastBefore(version, event).getAsInt();
  }

  /** The last commit of which a change was emitted; the start if there is none. */
  int lastCommit() {
    return lastCommitBefore(Integer.MAX_VALUE);
  }

  /** The last commit of which a change was emitted before another one; the start if none was. */
  private int lastCommitBefore(int end) {
    int last = range.start();
    for (CapturedEvent event : events) {
      Long version = event.version();
      if (version != null && !event.isSnapshot() && event.seen() < end) {
        last = Math.max(last, commitAt(version).orElse(last));
      }
    }
    return last;
  }

  private OptionalInt commitAt(long lsn) {
    for (int index = range.start() + 1; index <= log.last(); index++) {
      Commit commit = log.get(index);
      if (commit.from() <= lsn && lsn < commit.to()) {
        return OptionalInt.of(index);
      }
    }
    return OptionalInt.empty();
  }

  private OptionalInt lastBefore(long lsn, CapturedEvent event) {
    int index = event.seen();
    while (index > 0 && log.get(index).to() > lsn) {
      index--;
    }
    return OptionalInt.of(index);
  }

  @Override
  void checkAll() {
    if (tables.version() == null) {
      checkOrderOfCommits();
      checkEveryChange();
    }
  }

  private void checkOrderOfCommits() {
    long last = 0;
    for (CapturedEvent event : events) {
      Long version = event.version();
      if (version != null && !event.isSnapshot()) {
        if (version < last) {
          broken("a later transaction was emitted before, at " + last, event);
        }
        last = version;
      }
    }
  }

  /** Requires an event of each change of an order, or one that contains it. */
  void checkEveryChange() {
    Set<String> emitted = new HashSet<>();
    for (CapturedEvent event : events) {
      Long version = event.version();
      if (version != null && !event.isSnapshot()) {
        commitAt(version)
            .ifPresent(index -> emitted.add(emittedAt(index, event.isDeletion(), event.id())));
      }
    }
    for (int index = range.start() + 1; index <= range.end(); index++) {
      for (String id : log.ids(index - 1, index)) {
        OrderState state = log.get(index).state(id);
        boolean deleted = state == null;
        if (state != null && state.skipped()) {
          continue;
        }
        if (log.changesRows(index, id)
            && !emitted.contains(emittedAt(index, deleted, id))
            && !isOvertaken(index, id, emitted)) {
          broken(
              "commit %d changed order %s and was not emitted, to %s".formatted(index, id, state),
              null);
        }
      }
    }
  }

  /**
   * Whether a look-up may have shown a later state: that the order is deleted, or that an order is
   * shown again or deleted whose row was hidden. After a TRUNCATE, which stops the task, it cannot
   * say whether the row was hidden. Changes that were in the log when a partition was removed are
   * skipped.
   */
  private boolean isOvertaken(int index, String id, Set<String> emitted) {
    if (isSkipped(index)) {
      return true;
    }
    return log.get(index).state(id) != null
        ? isAbsentAfter(index, id) || isFoundByLaterChange(index, id, emitted)
        : tables.reading().hidesOrders()
            && (log.ids(index, range.last()).contains(id)
                || log.removesAfter(index)
                || isDeletionEmittedAfter(index, id));
  }

  /**
   * Whether an order was changed between ATTACH and DETACH of a partition with items of it, and
   * both were in the log already: the log does not say so, and the partition is not there any more.
   */
  private boolean isWithoutRemovedPartition(CapturedEvent event, int commit) {
    return isSkipped(commit) && log.attachesUntil(commit, event.id());
  }

  /**
   * Whether a partition was removed after a commit, and nothing shows that the log was read beyond
   * the commit before: a poll returns when its batch is full, which may be amid a transaction, or
   * when the log is slow.
   */
  private boolean isSkipped(int index) {
    for (int later = index + 1; later <= log.last(); later++) {
      if (log.get(later).removes()) {
        return index >= lastCommitBefore(later);
      }
    }
    return false;
  }

  private boolean isDeletionEmittedAfter(int index, String id) {
    long end = log.get(index).to();
    return events.stream()
        .anyMatch(
            event ->
                event.isDeletion()
                    && event.id().equals(id)
                    && event.version() != null
                    && event.version() >= end);
  }

  /** A look-up may find nothing to emit; then only a deletion is emitted. */
  private boolean isAbsentAfter(int index, String id) {
    for (int later = index + 1; later <= range.last(); later++) {
      OrderState state = log.get(later).state(id);
      if (state == null || state.skipped()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a row referred to the order over a path that had changed when it was looked up. That
   * change is a row of a watched table, too, and emits the order.
   */
  private boolean isFoundByLaterChange(int index, String id, Set<String> emitted) {
    OrderState before = log.get(index - 1).state(id);
    OrderState state = log.get(index).state(id);
    if (before == null || state == null || !state.differsInReferencedAlone(before)) {
      return false;
    }
    for (int later = index + 1; later <= range.last(); later++) {
      OrderState found = log.get(later).state(id);
      OrderState last = log.get(later - 1).state(id);
      boolean changesPath =
          found != null && last != null && !found.referenced().equals(last.referenced());
      if (changesPath
          && (emitted.contains(emittedAt(later, false, id)) || isOvertaken(later, id, emitted))) {
        return true;
      }
    }
    return false;
  }

  private static String emittedAt(int index, boolean deleted, String id) {
    return index + " " + deleted + " " + id;
  }

  @Override
  boolean sortsByCharacters() {
    return true;
  }

  @Override
  boolean seesDeletion(String id) {
    return true;
  }
}
