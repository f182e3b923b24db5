package io.orderflow.common.database;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A table with its schema. Both names are as in the catalog: case-sensitive and not folded. */
public record TableName(String schema, String table) {

  private static final Pattern FORM =
      Pattern.compile("(?:(\"(?:[^\"]|\"\")+\"|[^\".\\s]+)\\.)?(\"(?:[^\"]|\"\")+\"|[^\".\\s]+)");

  /**
   * Parses {@code table}, {@code schema.table}, or either with quoted parts: {@code "My
   * Shop".orders}. The default schema is {@code public}.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public static TableName parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          text + " is not a table name; write table, schema.table or \"Schema\".\"Table\"");
    }
    String schema = matcher.group(1);
    return new TableName(schema == null ? "public" : unquote(schema), unquote(matcher.group(2)));
  }

  /** {@code "schema"."table"}, for SQL. */
  public String quoted() {
    return Identifiers.quote(schema) + "." + Identifiers.quote(table);
  }

  /** {@code schema.table}, for messages and source partitions. */
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
