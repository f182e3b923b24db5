package io.orderflow.source.fuzz;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Removes transactions from a history while it still fails. */
final class Shrinker {

  private static final int MAX_ATTEMPTS = 30;

  private final Predicate<History> fails;
  private int attempts;

  /**
   * Shrinks nothing yet.
   *
   * @param fails runs a history
   */
  Shrinker(Predicate<History> fails) {
    this.fails = fails;
  }

  /** A shorter history that fails as well; the last transaction stays. */
  History shrink(History history) {
    List<List<Step>> units = units(history.steps());
    int size = units.size() / 2;
    while (size > 0 && attempts < MAX_ATTEMPTS) {
      int from = 0;
      while (from < units.size() - 1 && attempts < MAX_ATTEMPTS) {
        List<List<Step>> fewer = new ArrayList<>(units);
        fewer.subList(from, Math.min(from + size, units.size() - 1)).clear();
        attempts++;
        if (fails.test(history.withSteps(joined(fewer, history.steps())))) {
          units = fewer;
        } else {
          from += size;
        }
      }
      size /= 2;
    }
    return history.withSteps(joined(units, history.steps()));
  }

  /** The steps by transaction; any other step is alone. */
  private static List<List<Step>> units(List<Step> steps) {
    List<List<Step>> units = new ArrayList<>();
    Map<Integer, List<Step>> open = new HashMap<>();
    for (Step step : steps) {
      int session = session(step);
      List<Step> unit = open.get(session);
      if (unit == null) {
        unit = new ArrayList<>();
        units.add(unit);
      }
      unit.add(step);
      if (step instanceof Step.Begin) {
        open.put(session, unit);
      } else if (step instanceof Step.Commit
          || step instanceof Step.Rollback
          || step instanceof Step.EndPrepared) {
        open.remove(session);
      }
    }
    return units;
  }

  private static int session(Step step) {
    if (step instanceof Step.Sql sql) {
      return sql.session();
    }
    if (step instanceof Step.Begin begin) {
      return begin.session();
    }
    if (step instanceof Step.Commit commit) {
      return commit.session();
    }
    if (step instanceof Step.Prepare prepare) {
      return prepare.session();
    }
    if (step instanceof Step.EndPrepared end) {
      return end.session();
    }
    return step instanceof Step.Rollback rollback ? rollback.session() : -1;
  }

  /** The steps of some units, in the order of the history; steps are compared by identity. */
  private static List<Step> joined(List<List<Step>> units, List<Step> order) {
    java.util.Set<Step> kept =
        java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());
    units.forEach(kept::addAll);
    return order.stream().filter(kept::contains).toList();
  }
}
