package io.orderflow.source.schema;

import io.orderflow.common.database.Identifiers;
import io.orderflow.common.database.TableName;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A table whose changes emit orders again, and the way from its rows to these orders.
 *
 * @param columns the columns of the table that refer to the first table of the path or, without a
 *     path, contain the order ID
 * @param path the tables between this one and the orders; empty if the columns contain the order ID
 */
public record WatchedTable(TableName table, List<String> columns, List<Step> path) {

  public WatchedTable {
    columns = List.copyOf(columns);
    path = List.copyOf(path);
  }

  /**
   * A table on the way to the orders.
   *
   * @param key the columns to which the table before refers, in the order of its columns
   * @param columns the columns that refer to the next table or, in the last step, contain the order
   *     ID
   */
  public record Step(TableName table, List<String> key, List<String> columns) {

    public Step {
      key = List.copyOf(key);
      columns = List.copyOf(columns);
    }
  }

  /** The columns that contain the order ID: of the last table of the path. */
  public List<String> orderId() {
    return path.isEmpty() ? columns : path.get(path.size() - 1).columns();
  }

  /**
   * This table and those of its path, each with the rest of the path: if a row of them changes, it
   * may belong to another order.
   */
  public Stream<WatchedTable> withPath() {
    return Stream.concat(
        Stream.of(this),
        Stream.iterate(0, i -> i < path.size(), i -> i + 1)
            .map(
                i ->
                    new WatchedTable(
                        path.get(i).table(),
                        path.get(i).columns(),
                        path.subList(i + 1, path.size()))));
  }

  /** The form of the setting, with all names quoted. */
  @Override
  public String toString() {
    return table.quoted()
        + ":"
        + list(columns)
        + path.stream()
            .map(
                step ->
                    ">%s.%s:%s"
                        .formatted(step.table().quoted(), list(step.key()), list(step.columns())))
            .collect(Collectors.joining());
  }

  private static String list(List<String> names) {
    return names.stream().map(Identifiers::quote).collect(Collectors.joining(","));
  }
}
