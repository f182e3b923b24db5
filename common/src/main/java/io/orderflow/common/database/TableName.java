package io.orderflow.common.database;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A table with its schema. Both names are as the catalogue has them: case counts, and nothing is
 * folded.
 */
public record TableName(String schema, String table) {

  private static final Pattern FORM =
      Pattern.compile("(?:(\"(?:[^\"]|\"\")+\"|[^\".\\s]+)\\.)?(\"(?:[^\"]|\"\")+\"|[^\".\\s]+)");

  /**
   * Reads {@code table}, {@code schema.table}, or either with quoted parts: {@code "My
   * Shop".orders}. The schema is {@code public} where none is given.
   *
   * @throws IllegalArgumentException when the text has another form
   */
  public static TableName parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "expected table, schema.table or \"Schema\".\"Table\", found " + text);
    }
    String schema = matcher.group(1);
    return new TableName(schema == null ? "public" : unquote(schema), unquote(matcher.group(2)));
  }

  /** {@code "schema"."table"}, to stand in SQL. */
  public String quoted() {
    return Identifiers.quote(schema) + "." + Identifiers.quote(table);
  }

  /** {@code schema.table}, to stand in messages and source partitions. */
  @Override
  public String toString() {
    return schema + "." + table;
  }

  private static String unquote(String part) {
    return part.startsWith("\"")
        ? part.substring(1, part.length() - 1).replace("\"\"", "\"")
        : part;
  }
}
