package io.orderflow.source.fuzz;

import io.orderflow.source.fixture.TypedValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Values of every category of types, as SQL literals. */
final class Literals {

  private static final Map<String, List<String>> BY_TYPE =
      TypedValue.all().stream()
          .collect(
              Collectors.groupingBy(
                  TypedValue::type,
                  LinkedHashMap::new,
                  Collectors.mapping(value -> text(value.value()), Collectors.toList())));

  private static final List<String> TYPES = List.copyOf(BY_TYPE.keySet());

  private Literals() {}

  /** All types, of which some need {@link TypedValue#TYPES}. */
  static List<String> types() {
    return TYPES;
  }

  static List<String> of(String type) {
    return BY_TYPE.getOrDefault(type, List.of());
  }

  /** A literal that means the same whatever {@code standard_conforming_strings} is. */
  static String text(String value) {
    return "E'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
