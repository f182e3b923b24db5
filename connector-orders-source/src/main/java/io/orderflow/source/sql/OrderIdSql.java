package io.orderflow.source.sql;

import io.orderflow.common.database.Identifiers;
import io.orderflow.source.schema.OrderIdColumns;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** SQL expressions that compare the order ID's columns with parameters. */
public final class OrderIdSql {

  private OrderIdSql() {}

  /**
   * The columns, with commas between them.
   *
   * @param alias the table's alias and a dot, or nothing
   */
  public static String columns(OrderIdColumns ids, String alias) {
    return columns(ids.names(), alias);
  }

  /** The columns of these names, with commas between them. */
  public static String columns(List<String> names, String alias) {
    return names.stream()
        .map(name -> alias + Identifiers.quote(name))
        .collect(Collectors.joining(", "));
  }

  /**
   * Compares the whole ID with parameters, one for each column, as text.
   *
   * @param operator such as {@code >}
   */
  public static String compared(OrderIdColumns ids, String alias, String operator) {
    String parameters =
        ids.types().stream().map(type -> "?::" + type.sqlName()).collect(Collectors.joining(", "));
    return "%s %s %s".formatted(row(ids, columns(ids, alias)), operator, row(ids, parameters));
  }

  private static String row(OrderIdColumns ids, String list) {
    return ids.isComposite() ? "(" + list + ")" : list;
  }

  /** Selects the rows of a table that have one of the IDs, which are array parameters. */
  public static String selectById(
      OrderIdColumns ids, String columns, String table, String condition) {
    if (!ids.isComposite()) {
      return "SELECT %s FROM %s WHERE %s = ANY (?::%s[])%s"
          .formatted(columns, table, columns(ids, ""), ids.types().get(0).sqlName(), condition);
    }
    return selectEachById(ids, columns, table, condition);
  }

  /**
   * Selects as {@link #selectById}, for each ID by itself, also if the table is a view with joins
   * or groups.
   */
  public static String selectEachById(
      OrderIdColumns ids, String columns, String table, String condition) {
    // The offset keeps the subquery apart, so that each ID is looked up along an index.
    return """
    SELECT found.* FROM unnest(%s) AS wanted (%s)
    CROSS JOIN LATERAL (SELECT %s FROM %s WHERE %s%s OFFSET 0) AS found\
    """
        .formatted(
            ids.types().stream()
                .map(type -> "?::" + type.sqlName() + "[]")
                .collect(Collectors.joining(", ")),
            IntStream.range(0, ids.count())
                .mapToObj(OrderIdSql::wanted)
                .collect(Collectors.joining(", ")),
            columns,
            table,
            IntStream.range(0, ids.count())
                .mapToObj(i -> Identifiers.quote(ids.names().get(i)) + " = wanted." + wanted(i))
                .collect(Collectors.joining(" AND ")),
            condition);
  }

  private static String wanted(int part) {
    return "orderflow_id_" + (part + 1);
  }
}
