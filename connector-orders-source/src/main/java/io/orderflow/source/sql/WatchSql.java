package io.orderflow.source.sql;

import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.source.schema.WatchedTable;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** SQL that finds the orders to which rows of a watched table belong. */
public record WatchSql(WatchedTable watched) {

  /** The alias of the rows of the watched table, which no table of a shop has as its name. */
  public static final String ROW = "orderflow_w";

  private static final String NEXT = "orderflow_t";

  /**
   * Joins to the tables of the path, to follow the rows of the watched table under the alias {@link
   * #ROW}; nothing if these have the order ID themselves. The offset keeps each subquery apart, so
   * that each key is looked up along an index, however few rows there seem to be.
   */
  public String path() {
    return path(watched.columns().stream().map(name -> ROW + "." + quote(name)).toList());
  }

  /**
   * The same, if the rows are not those of the table, but have its columns as other expressions.
   *
   * @param references the expressions, one for each column that refers to the first table
   */
  public String path(List<String> references) {
    StringBuilder joins = new StringBuilder();
    List<String> columns = references;
    for (int i = 0; i < watched.path().size(); i++) {
      WatchedTable.Step step = watched.path().get(i);
      String alias = alias(i + 1);
      joins.append(
          " CROSS JOIN LATERAL (SELECT %s FROM %s AS %s WHERE %s OFFSET 0) AS %s"
              .formatted(
                  columns(step.columns(), NEXT),
                  step.table().quoted(),
                  NEXT,
                  equal(step.key(), columns),
                  alias));
      columns = step.columns().stream().map(name -> alias + "." + quote(name)).toList();
    }
    return joins.toString();
  }

  private static String equal(List<String> key, List<String> references) {
    return IntStream.range(0, key.size())
        .mapToObj(i -> "%s.%s = %s".formatted(NEXT, quote(key.get(i)), references.get(i)))
        .collect(Collectors.joining(" AND "));
  }

  /** The columns with the order ID, with commas between them. */
  public String orderId() {
    return columns(watched.orderId(), alias(watched.path().size()));
  }

  private static String alias(int step) {
    return step == 0 ? ROW : "orderflow_s" + step;
  }

  private static String columns(List<String> names, String alias) {
    return names.stream().map(name -> alias + "." + quote(name)).collect(Collectors.joining(", "));
  }
}
