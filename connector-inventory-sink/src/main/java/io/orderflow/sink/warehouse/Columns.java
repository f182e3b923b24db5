package io.orderflow.sink.warehouse;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Converts rows to the parameters of a statement: an array for each column, which {@code unnest}
 * turns into rows. Since {@code unnest} also flattens arrays of arrays, a column of arrays is
 * passed as an array of texts.
 */
final class Columns {

  private Columns() {}

  /** A text for each row; null for a null row. */
  static <R> @Nullable String[] texts(
      List<? extends @Nullable R> rows, Function<R, @Nullable String> text) {
    @Nullable String[] column = new @Nullable String[rows.size()];
    for (int i = 0; i < column.length; i++) {
      R row = rows.get(i);
      column[i] = row == null ? null : text.apply(row);
    }
    return column;
  }

  /** The text of a number, without an exponent; null for null. */
  static @Nullable String number(@Nullable BigDecimal number) {
    return number == null ? null : number.toPlainString();
  }

  /** The text of an array of texts: manual, section 8.15.6. */
  static String array(Collection<String> elements) {
    StringBuilder text = new StringBuilder(16 * elements.size() + 2).append('{');
    for (String element : elements) {
      text.append(text.length() == 1 ? "\"" : ",\"");
      for (int i = 0; i < element.length(); i++) {
        char at = element.charAt(i);
        if (at == '"' || at == '\\') {
          text.append('\\');
        }
        text.append(at);
      }
      text.append('"');
    }
    return text.append('}').toString();
  }

  /** The text of an array of whole numbers. */
  static String array(LongStream numbers) {
    return numbers.mapToObj(Long::toString).collect(Collectors.joining(",", "{", "}"));
  }
}
