package io.orderflow.benchmarks.measure;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A table as Markdown, its columns as wide as their cells. */
public record MarkdownTable(List<String> head, List<List<String>> rows) {

  /** Formats a number in the same way on every machine. */
  public static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  public String text() {
    int[] widths = new int[head.size()];
    for (int i = 0; i < widths.length; i++) {
      int column = i;
      widths[i] =
          rows.stream()
              // A failure's text ends its row and needs no column width.
              .filter(row -> row.size() == head.size())
              .mapToInt(row -> row.get(column).length())
              .reduce(head.get(i).length(), Math::max);
    }
    StringBuilder text = new StringBuilder();
    line(text, head, widths);
    line(text, Arrays.stream(widths).mapToObj("-"::repeat).toList(), widths);
    rows.forEach(row -> line(text, row, widths));
    return text.toString();
  }

  private static void line(StringBuilder text, List<String> cells, int[] widths) {
    text.append('|');
    for (int i = 0; i < cells.size(); i++) {
      String cell = cells.get(i);
      text.append(' ').append(cell).append(" ".repeat(Math.max(0, widths[i] - cell.length())));
      text.append(" |");
    }
    text.append('\n');
  }
}
