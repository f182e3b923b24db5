package io.orderflow.source.fuzz;

import io.orderflow.source.fuzz.Step.Sql.Effect;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The orders whose rows a transaction changes. A change of the schema may change values without
 * changing rows, so the states right before and after it are compared with the rest.
 */
final class ChangedRows {

  private final Set<String> ids = new TreeSet<>();
  private final Set<String> attached = new TreeSet<>();
  private @Nullable Map<String, OrderState> since;
  private Map<String, OrderState> before = Map.of();
  private boolean removes;

  /** The states right before the transaction changes the schema. */
  void beforeSchemaChange(Map<String, OrderState> committed, Map<String, OrderState> states) {
    Map<String, OrderState> from = since;
    ids.addAll(differing(from == null ? committed : from, states));
    before = states;
  }

  /** The states right after the transaction has changed the schema. */
  void afterSchemaChange(Map<String, OrderState> states, Effect effect) {
    since = states;
    if (effect == Effect.ATTACHES) {
      attached.addAll(differing(before, states));
    }
    removes |= effect == Effect.REMOVES;
  }

  /** Whether the transaction changes the schema. */
  boolean changesSchema() {
    return since != null;
  }

  /** The orders that got items with a partition. */
  Set<String> attached() {
    return attached;
  }

  /** Whether a partition was detached or dropped. */
  boolean removes() {
    return removes;
  }

  /** The IDs of all changed orders, once the transaction has committed. */
  Set<String> until(Map<String, OrderState> committed, Map<String, OrderState> states) {
    beforeSchemaChange(committed, states);
    return ids;
  }

  private static Set<String> differing(
      Map<String, OrderState> before, Map<String, OrderState> after) {
    Set<String> all = new HashSet<>(before.keySet());
    all.addAll(after.keySet());
    all.removeIf(id -> Objects.equals(before.get(id), after.get(id)));
    return all;
  }
}
