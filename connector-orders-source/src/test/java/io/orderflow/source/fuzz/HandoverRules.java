package io.orderflow.source.fuzz;

import java.util.List;

/**
 * What holds for events if captures took over from one another: none repeats a version, each shows
 * a state that its capture can have read, and nothing is missing in the end.
 */
final class HandoverRules extends EventRules {

  private final List<CapturePhase> phases;
  private final LogRules logRules;
  private final boolean deletes;

  /**
   * The rules.
   *
   * @param phases the captures in their order, at least one
   * @param deletes whether a table has the deleted orders
   */
  HandoverRules(
      FuzzTables tables,
      ShopLog log,
      List<CapturedEvent> events,
      Range range,
      List<CapturePhase> phases,
      boolean deletes) {
    super(tables, log, events, range);
    this.phases = phases;
    this.deletes = deletes;
    CapturePhase last = last();
    // Transactions before the handover may have been emitted by the capture before.
    this.logRules =
        new LogRules(
            tables,
            log,
            events.stream().filter(event -> isOf(event, last)).toList(),
            new Range(Math.max(range.start(), last.begun()), range.end(), range.polls()));
  }

  private static boolean isOf(CapturedEvent event, CapturePhase phase) {
    return event.fromLog() == phase.fromLog() && event.seen() >= phase.begun();
  }

  private CapturePhase last() {
    return phases.get(phases.size() - 1);
  }

  @Override
  void checkState(CapturedEvent event) {
    Long version = event.version();
    if (tables.version() != null && !event.isDeletion() && version != null) {
      checkKeptVersion(event, version);
    } else if (!event.fromLog()) {
      if (!states.shows(event, event.seen())) {
        broken("the event does not show the state when it was read", event);
      }
    } else if (version != null && !showsOneOf(event, logRules.commitOf(event), event.seen())) {
      broken("the event does not show the state of its transaction, or a later one", event);
    }
  }

  /** Orders that the capture before has not emitted are read in chunks. */
  @Override
  boolean canShow(CapturedEvent event, int own, int index) {
    return event.fromLog() || index == event.seen();
  }

  @Override
  void checkAll() {
    if (last().fromLog() && tables.version() == null) {
      logRules.checkEveryChange();
      problems.addAll(logRules.problemsSoFar());
    }
  }

  /** Texts are sorted by their characters by the log's capture. */
  @Override
  boolean sortsByCharacters() {
    return false;
  }

  /**
   * A capture sees all deletions of its time, query capture if there is a table of them; and then
   * those that log capture had not read. Log capture does not read that table.
   */
  @Override
  boolean seesDeletion(String id) {
    int deleted = log.last();
    while (deleted > 0 && log.get(deleted - 1).state(id) == null) {
      deleted--;
    }
    CapturePhase last = last();
    if (deleted > last.begun()) {
      return last.fromLog() || deletes;
    }
    return !last.fromLog()
        && deletes
        && phases.size() > 1
        && deleted > phases.get(phases.size() - 2).begun();
  }
}
