package io.orderflow.source.fuzz;

import java.util.List;
import java.util.Map;

/** The columns of a table at one moment: names by their numbers in the catalog. */
record TableShape(Map<Integer, String> names) {

  static final TableShape NONE = new TableShape(Map.of());

  List<String> sortedNames() {
    return names.values().stream().sorted().toList();
  }
}
