package io.orderflow.sink.record;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * The path of a field in a struct or a map: its name, or names joined by dots that lead to it
 * through nested structs and maps, such as {@code customer.id}. A field whose own name contains the
 * dots takes precedence.
 *
 * <p>The path is split once, when it is configured, and not for each record.
 */
public final class FieldPath {

  private final String name;

  /** Empty for a plain name. */
  private final String[] steps;

  private FieldPath(String name, String[] steps) {
    this.name = name;
    this.steps = steps;
  }

  /** Parses a path. A text with an empty part, such as {@code a..b}, is the name of a field. */
  public static FieldPath of(String name) {
    String[] parts = name.split("\\.", -1);
    boolean leads = parts.length > 1 && Arrays.stream(parts).noneMatch(String::isEmpty);
    return new FieldPath(name, leads ? parts : new String[0]);
  }

  /** The path as configured. */
  public String name() {
    return name;
  }

  /**
   * The field's content; null if the field does not exist.
   *
   * @param container a struct or a map; any other object has no fields
   */
  @Nullable Object in(Object container) {
    Object content = child(container, name);
    return content != null || steps.length == 0 || has(container, name)
        ? content
        : content(container, steps.length);
  }

  /**
   * The start of this path that leads to content that is neither a struct nor a map, so that the
   * rest of the path leads nowhere; null if there is no such start.
   */
  @Nullable String brokenAt(Object container) {
    if (steps.length > 0 && !has(container, name)) {
      for (int taken = 1; taken < steps.length; taken++) {
        Object content = content(container, taken);
        if (content != null && !isContainer(content)) {
          return start(taken);
        }
      }
    }
    return null;
  }

  /** Describes why the field is missing. */
  String missingFrom(Object container) {
    if (has(container, name)) {
      return "null";
    }
    Object at = container;
    for (int taken = 0; taken < steps.length; taken++) {
      Object next = child(at, steps[taken]);
      if (next == null) {
        boolean last = taken == steps.length - 1;
        return (has(at, steps[taken]) ? "null" : "no such field")
            + (last ? "" : " as " + start(taken + 1));
      }
      at = next;
    }
    return "no such field";
  }

  /** The content of the field that the first steps lead to. */
  private @Nullable Object content(Object container, int taken) {
    Object at = container;
    for (int i = 0; i < taken; i++) {
      at = child(at, steps[i]);
      if (at == null) {
        return null;
      }
    }
    return at;
  }

  private String start(int taken) {
    return String.join(".", List.of(steps).subList(0, taken));
  }

  static boolean isContainer(@Nullable Object content) {
    return content instanceof Struct || content instanceof Map;
  }

  static boolean has(Object container, String field) {
    return container instanceof Struct struct
        ? struct.schema().field(field) != null
        : container instanceof Map<?, ?> map && map.containsKey(field);
  }

  private static @Nullable Object child(Object container, String name) {
    if (container instanceof Struct struct) {
      Field field = struct.schema().field(name);
      return field == null ? null : struct.get(field);
    }
    return container instanceof Map<?, ?> map ? map.get(name) : null;
  }

  @Override
  public String toString() {
    return name;
  }
}
