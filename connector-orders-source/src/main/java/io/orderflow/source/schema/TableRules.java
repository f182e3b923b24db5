package io.orderflow.source.schema;

import java.util.Set;

/**
 * Which columns of one table an event does not tell as they are.
 *
 * @param excluded names of columns that are not read at all
 * @param hashed names of columns of which an event has a keyed hash
 */
public record TableRules(Set<String> excluded, Set<String> hashed) {

  /** Every column is told as it is. */
  public static final TableRules NONE = new TableRules(Set.of(), Set.of());

  public TableRules {
    excluded = Set.copyOf(excluded);
    hashed = Set.copyOf(hashed);
  }
}
