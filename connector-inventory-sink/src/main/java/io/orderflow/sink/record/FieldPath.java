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

  /** Whether the path leads through a struct or map of this name, such as after in after.id. */
  boolean leadsThrough(String step) {
    return position(step) >= 0;
  }

  /** The path with the first step of this name replaced; this path if it has none. */
  FieldPath replacing(String step, String other) {
    int at = position(step);
    if (at < 0) {
      return this;
    }
    String[] replaced = steps.clone();
    replaced[at] = other;
    return of(String.join(".", replaced));
  }

  /** The rest of the path after the first step of this name; this path if it has none. */
  FieldPath within(String step) {
    int at = position(step);
    return at < 0 ? this : of(String.join(".", List.of(steps).subList(at + 1, steps.length)));
  }

  /** The path of another field beside the first step of this name, which the path must have. */
  FieldPath beside(String step, String field) {
    return inStart(position(step), field);
  }

  /** The path of another field of the same struct or map. */
  FieldPath sibling(String field) {
    return inStart(Math.max(0, steps.length - 1), field);
  }

  private FieldPath inStart(int count, String field) {
    return of(count == 0 ? field : start(count) + "." + field);
  }

  /** The name of the field that the path leads to. */
  String lastStep() {
    return steps.length == 0 ? name : steps[steps.length - 1];
  }

  /** The index of the first step of this name that leads to another one; -1 if there is none. */
  private int position(String step) {
    for (int i = 0; i < steps.length - 1; i++) {
      if (steps[i].equals(step)) {
        return i;
      }
    }
    return -1;
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

  /** Whether the field exists, even if its content is null. */
  boolean existsIn(Object container) {
    if (has(container, name)) {
      return true;
    }
    Object parent = steps.length == 0 ? null : content(container, steps.length - 1);
    return parent != null && has(parent, steps[steps.length - 1]);
  }

  /**
   * The start of this path that leads to content that is neither a struct nor a map, so that the
   * rest of the path leads nowhere; null if there is no such start.
   */
  @Nullable String brokenAt(Object container) {
    if (steps.length > 0 && !has(container, name)) {
      for (int count = 1; count < steps.length; count++) {
        Object content = content(container, count);
        if (content != null && !isContainer(content)) {
          return start(count);
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
    for (int count = 0; count < steps.length; count++) {
      Object next = child(at, steps[count]);
      if (next == null) {
        boolean last = count == steps.length - 1;
        return (has(at, steps[count]) ? "null" : "no such field")
            + (last ? "" : " as " + start(count + 1));
      }
      at = next;
    }
    return "no such field";
  }

  /** The content of the field that the first steps lead to. */
  private @Nullable Object content(Object container, int count) {
    Object at = container;
    for (int i = 0; i < count; i++) {
      at = child(at, steps[i]);
      if (at == null) {
        return null;
      }
    }
    return at;
  }

  private String start(int count) {
    return String.join(".", List.of(steps).subList(0, count));
  }

  static boolean isContainer(@Nullable Object content) {
    return content instanceof Struct || content instanceof Map;
  }

  static boolean has(Object container, String field) {
    return container instanceof Struct struct
        ? struct.schema().field(field) != null
        : container instanceof Map<?, ?> map && map.containsKey(field);
  }

  /** Null is null: {@link Struct#get(Field)} would return the default of the field's schema. */
  private static @Nullable Object child(Object container, String name) {
    if (container instanceof Struct struct) {
      Field field = struct.schema().field(name);
      return field == null ? null : struct.getWithoutDefault(name);
    }
    return container instanceof Map<?, ?> map ? map.get(name) : null;
  }

  @Override
  public String toString() {
    return name;
  }
}
