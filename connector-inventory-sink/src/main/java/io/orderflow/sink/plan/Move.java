package io.orderflow.sink.plan;

import io.orderflow.sink.update.Effect;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The SKUs for which an order is to change what it does, and how. */
record Move(SortedMap<String, Change> changes) {

  static Move between(SortedMap<String, Effect> before, SortedMap<String, Effect> after) {
    TreeMap<String, Change> changes = new TreeMap<>();
    for (Map.Entry<String, Effect> entry : after.entrySet()) {
      Effect had = before.getOrDefault(entry.getKey(), Effect.NONE);
      if (!had.equals(entry.getValue())) {
        changes.put(entry.getKey(), new Change(had, entry.getValue()));
      }
    }
    for (Map.Entry<String, Effect> entry : before.entrySet()) {
      if (!after.containsKey(entry.getKey())) {
        changes.put(entry.getKey(), new Change(entry.getValue(), Effect.NONE));
      }
    }
    return new Move(changes);
  }
}
