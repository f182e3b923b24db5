package io.orderflow.sink.record;

import io.orderflow.sink.update.Intent;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which status means which intent.
 *
 * @param intents by status, spelled as in the event; a status without an effect on stock, such as
 *     that of a draft, has the intent RELEASE
 * @param otherwise the intent of all other statuses; null if they make a record bad
 */
public record Statuses(Map<String, Intent> intents, @Nullable Intent otherwise) {

  /** Stands for a status that is null or missing. */
  public static final String NULL = "(null)";

  /** Stands for a status that is empty text. */
  public static final String EMPTY = "(empty)";

  public Statuses {
    intents = Map.copyOf(intents);
  }

  /** The intent of a status; null if no setting names it. */
  @Nullable Intent of(Row row, FieldPath field) {
    return intents.get(text(row, field));
  }

  /**
   * A status as the settings spell it: numbers by their digits, and text without the blanks with
   * which PostgreSQL pads a column of type char.
   */
  static String text(Row row, FieldPath field) {
    Object found = row.find(field);
    if (found == null) {
      return NULL;
    }
    if (found instanceof String text) {
      String status = text.stripTrailing();
      return status.isEmpty() ? EMPTY : status;
    }
    if (WholeNumber.isInteger(found) || found instanceof Boolean) {
      return found.toString();
    }
    throw row.bad(
        field,
        new FieldError(
            "a status",
            TypeNames.of(found),
            "Send it as text, as a whole number or as a boolean."));
  }

  /**
   * The failure of a record of which no status is mapped.
   *
   * @param error of a description of what was found
   */
  static BadRecordException unmapped(
      Row value, List<FieldPath> fields, String expected, Function<String, FieldError> error) {
    FieldPath first = fields.get(0);
    // The common case says whether the field is missing, null or empty.
    String found =
        fields.size() == 1
            ? TypeNames.printable(value.notEmptyStatus(first, expected))
            : fields.stream()
                .map(field -> field.name() + " " + TypeNames.printable(text(value, field)))
                .collect(Collectors.joining(", "));
    return value.bad(first, error.apply(found));
  }
}
