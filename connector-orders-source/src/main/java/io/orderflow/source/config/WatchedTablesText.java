package io.orderflow.source.config;

import io.orderflow.common.database.TableName;
import io.orderflow.source.schema.WatchedTable;
import java.util.ArrayList;
import java.util.List;

/**
 * Parses the setting of the watched tables: {@code table:columns}, or with a path {@code
 * table:columns>table.columns:columns}, with commas between entries and between columns. A name may
 * be quoted. So a name after a comma begins an entry if a colon follows it, and is one more column
 * otherwise.
 */
final class WatchedTablesText {

  private static final String EXAMPLES =
      "public.shipments:order_id, or public.fulfilment_lines:fulfilment_id>public.fulfilments.id:order_id";

  /** Characters that end a name that is not quoted. */
  private static final String SEPARATORS = ":>,.";

  private final String text;
  private int at;

  private WatchedTablesText(String text) {
    this.text = text;
  }

  /**
   * Parses the setting.
   *
   * @throws IllegalArgumentException with the value, the position of the error and what to write
   */
  static List<WatchedTable> parse(String text) {
    WatchedTablesText parser = new WatchedTablesText(text);
    List<WatchedTable> tables = new ArrayList<>();
    parser.skipBlanks();
    while (parser.at < text.length()) {
      tables.add(parser.entry());
      parser.skipBlanks();
    }
    return tables;
  }

  /** Names with dots between them, as they were found. */
  private record Name(int start, List<String> parts) {}

  private WatchedTable entry() {
    Name name = name("the name of a table");
    TableName table = table(name, name.parts());
    expect(
        ':', "a colon and the column with the order ID must follow the table", table + ":order_id");
    List<String> columns = columns();
    List<WatchedTable.Step> path = new ArrayList<>();
    int referring = columns.size();
    while (accept('>')) {
      WatchedTable.Step step = step(referring);
      path.add(step);
      referring = step.columns().size();
    }
    requireEnd();
    return new WatchedTable(table, columns, path);
  }

  private WatchedTable.Step step(int count) {
    Name name = name("the name of the table to which the columns refer, and its key");
    List<String> parts = name.parts();
    if (parts.size() < 2) {
      throw malformed(
          name.start(),
          "the key of the table %s is missing".formatted(parts.get(0)),
          parts.get(0) + ".id");
    }
    TableName table = table(name, parts.subList(0, parts.size() - 1));
    List<String> key = new ArrayList<>(List.of(parts.get(parts.size() - 1)));
    while (accept(',')) {
      key.add(column());
    }
    if (key.size() != count) {
      throw malformed(
          name.start(),
          "the key has %d columns, but the table before refers to it by %d"
              .formatted(key.size(), count),
          "one column of the key for each column before >");
    }
    expect(
        ':',
        "a colon and the column with the order ID must follow the key",
        table + "." + String.join(",", key) + ":order_id");
    return new WatchedTable.Step(table, key, columns());
  }

  /** The columns up to the end of the entry, or up to the next table of its path. */
  private List<String> columns() {
    List<String> columns = new ArrayList<>(List.of(column()));
    while (isAt(',')) {
      int comma = at;
      at++;
      skipBlanks();
      if (at == text.length()) {
        throw malformed(comma, "nothing follows the comma", "another table or column, or no comma");
      }
      int start = at;
      name("the name of a table or column");
      boolean beginsEntry = isAt(':');
      at = start;
      if (beginsEntry) {
        at = comma;
        return columns;
      }
      columns.add(column());
    }
    return columns;
  }

  private String column() {
    Name name = name("the name of a column");
    if (name.parts().size() > 1) {
      throw malformed(
          name.start(),
          "%s is not the name of a column".formatted(String.join(".", name.parts())),
          "the column alone or, if this is a table, "
              + String.join(".", name.parts())
              + ":order_id");
    }
    return name.parts().get(0);
  }

  private TableName table(Name name, List<String> parts) {
    if (parts.size() > 2) {
      throw malformed(
          name.start(),
          "%s is not the name of a table".formatted(String.join(".", parts)),
          "table or schema.table; quote a name that contains a dot");
    }
    return parts.size() == 1
        ? new TableName("public", parts.get(0))
        : new TableName(parts.get(0), parts.get(1));
  }

  private Name name(String expected) {
    skipBlanks();
    int start = at;
    List<String> parts = new ArrayList<>();
    do {
      parts.add(part(expected));
    } while (accept('.'));
    return new Name(start, parts);
  }

  private String part(String expected) {
    skipBlanks();
    int start = at;
    if (at < text.length() && text.charAt(at) == '"') {
      return quoted(start);
    }
    while (at < text.length() && isOfName(text.charAt(at))) {
      at++;
    }
    if (at == start) {
      throw malformed(start, expected + " is missing", "such as " + EXAMPLES);
    }
    return text.substring(start, at);
  }

  private static boolean isOfName(char c) {
    return SEPARATORS.indexOf(c) < 0 && c != '"' && !Character.isWhitespace(c);
  }

  private String quoted(int start) {
    StringBuilder name = new StringBuilder();
    for (at++; at < text.length(); at++) {
      if (text.charAt(at) != '"') {
        name.append(text.charAt(at));
      } else if (text.startsWith("\"\"", at)) {
        name.append('"');
        at++;
      } else if (name.isEmpty()) {
        throw malformed(start, "a quoted name is empty", "the name between the quotes");
      } else {
        at++;
        return name.toString();
      }
    }
    throw malformed(start, "a quote is not closed", "a second quote after the name");
  }

  /** After an entry follows the next one, or nothing. */
  private void requireEnd() {
    skipBlanks();
    if (at == text.length()) {
      return;
    }
    if (text.charAt(at) != ',') {
      throw malformed(
          at,
          "\"%s\" must not follow the columns".formatted(text.charAt(at)),
          "a comma before the next table, or quotes around a name with such characters");
    }
    at++;
  }

  private void expect(char separator, String problem, String fix) {
    if (!accept(separator)) {
      throw malformed(at, problem, fix);
    }
  }

  private boolean accept(char separator) {
    if (isAt(separator)) {
      at++;
      return true;
    }
    return false;
  }

  private boolean isAt(char separator) {
    skipBlanks();
    return at < text.length() && text.charAt(at) == separator;
  }

  private void skipBlanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private IllegalArgumentException malformed(int position, String problem, String fix) {
    return new IllegalArgumentException(
        "%s: at character %d, %s; write %s".formatted(text, position + 1, problem, fix));
  }
}
