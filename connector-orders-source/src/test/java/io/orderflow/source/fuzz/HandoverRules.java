package io.orderflow.source.fuzz;

import java.util.ArrayList;
import java.util.List;

/**
 * What holds for events if captures took over from one another: none repeats a version, each shows
 * a state that its capture can have read, and nothing is missing in the end.
 */
final class HandoverRules extends EventRules {

  private final List<CapturePhase> phases;

  /** What holds for the events of each phase. */
  private final List<EventRules> ofPhases = new ArrayList<>();

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
    for (int phase = 0; phase < phases.size(); phase++) {
      ofPhases.add(rulesOf(phase));
    }
  }

  private EventRules rulesOf(int phase) {
    List<CapturedEvent> emitted = events.stream().filter(event -> event.phase() == phase).toList();
    boolean isLast = phase == phases.size() - 1;
    // Transactions before the handover may have been emitted by the capture before.
    int start = Math.max(range.start(), phases.get(phase).startIndex());
    int last = isLast ? range.last() : phases.get(phase + 1).startIndex();
    if (!phases.get(phase).fromLog()) {
      return new QueryRules(
          tables, log, emitted, new Range(start, last, last, range.polls()), deletes);
    }
    LogRules unlimited =
        new LogRules(tables, log, emitted, new Range(start, last, last, range.polls()));
    // A capture that hands over may not have come further than its last event.
    int end = isLast ? range.end() : unlimited.lastCommit();
    return new LogRules(tables, log, emitted, new Range(start, end, last, range.polls()));
  }

  private CapturePhase last() {
    return phases.get(phases.size() - 1);
  }

  @Override
  void checkState(CapturedEvent event) {
    EventRules rules = ofPhases.get(event.phase());
    Long version = event.version();
    if (event.phase() == 0) {
      rules.checkState(event);
    } else if (tables.version() != null && !event.isDeletion() && version != null) {
      checkKeptVersion(event, version);
    } else if (rules instanceof LogRules fromLog) {
      if (version != null && !showsOneOf(event, fromLog.commitOf(event), event.seen())) {
        broken("the event does not show the state of its transaction, or a later one", event);
      }
    } else if (!states.shows(event, event.seen())) {
      broken("the event does not show the state when it was read", event);
    }
  }

  /** What log capture reads after a handover are changes. */
  @Override
  boolean isOfInitialSnapshot(CapturedEvent event) {
    return super.isOfInitialSnapshot(event)
        || (log.isRewritten() && event.phase() > 0 && phases.get(event.phase()).fromLog());
  }

  /** Orders that the capture before has not emitted are read in chunks. */
  @Override
  boolean canShow(CapturedEvent event, int own, int index) {
    return phases.get(event.phase()).fromLog() || index == event.seen();
  }

  @Override
  void checkAll() {
    for (EventRules rules : ofPhases) {
      if (tables.version() == null && rules instanceof LogRules fromLog) {
        fromLog.checkEveryChange();
      }
      problems.addAll(rules.problemsSoFar());
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
    if (deleted > last.startIndex()) {
      return last.fromLog() || deletes;
    }
    return !last.fromLog()
        && deletes
        && phases.size() > 1
        && deleted > phases.get(phases.size() - 2).startIndex();
  }
}
