package io.orderflow.source.sql;

import io.orderflow.common.database.Identifiers;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.schema.OrderIdColumns;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * SQL over the columns of one table that contain the order ID, and over variables of functions with
 * the IDs of several orders: an array for each column.
 */
record IdSql(OrderIdColumns ids) {

  /** The columns, with commas between them. */
  String list() {
    return list("");
  }

  /**
   * The columns, with commas between them.
   *
   * @param alias of the table and a dot, or nothing
   */
  String list(String alias) {
    return OrderIdSql.columns(ids, alias);
  }

  /** The columns as one value: a row if there are several. */
  String value(String alias) {
    return ids.isComposite() ? "(" + list(alias) + ")" : list(alias);
  }

  /** Whether one row's ID is another's, neither of which is null. */
  String equals(String alias, String other) {
    return joined(" AND ", i -> "%s%s = %s%s".formatted(alias, name(i), other, name(i)));
  }

  /** Whether one row's ID differs from another's. */
  String differs(String alias, String other) {
    return joined(
        " OR ", i -> "%s%s IS DISTINCT FROM %s%s".formatted(alias, name(i), other, name(i)));
  }

  /** The columns and their types, for CREATE TABLE. */
  String definitions() {
    return joined(", ", i -> name(i) + " " + ids.types().get(i).sqlName() + " NOT NULL");
  }

  /** The columns and their types, for ALTER TABLE. */
  String additions() {
    return joined(
        ", ", i -> "ADD COLUMN " + name(i) + " " + ids.types().get(i).sqlName() + " NOT NULL");
  }

  /** The variables, with commas between them. */
  String variables(String variable) {
    return joined(", ", i -> variable(variable, i));
  }

  /** The declarations of the variables. */
  String declarations(String variable) {
    return joined("\n", i -> "  %s %s[];".formatted(variable(variable, i), variableType(i)));
  }

  /** One text for the IDs in the variables. */
  String text(String variable) {
    return joined(" || ' ' || ", i -> variable(variable, i) + "::text");
  }

  /** The first of the variables, whose length is that of all. */
  String first(String variable) {
    return variable(variable, 0);
  }

  /** Collects the columns of rows into arrays, one for each variable. */
  String aggregates(String alias, String filter) {
    return joined(", ", i -> "array_agg(%s%s)%s".formatted(alias, name(i), filter));
  }

  /** The assignments of some rows' IDs to the variables. */
  String assignments(String variable, String... aliases) {
    return joined(
        "\n    ",
        i ->
            "%s := ARRAY[%s];"
                .formatted(
                    variable(variable, i),
                    IntStream.range(0, aliases.length)
                        .mapToObj(row -> aliases[row] + name(i))
                        .collect(Collectors.joining(", "))));
  }

  /** Whether the variables contain the ID of a table's row. */
  String isIn(String alias, String variable) {
    return ids.isComposite()
        ? "(%s) IN (SELECT * FROM unnest(%s))".formatted(list(alias), variables(variable))
        : "%s = ANY (%s)".formatted(list(alias), variables(variable));
  }

  private String name(int i) {
    return Identifiers.quote(ids.names().get(i));
  }

  /** No column should have such a name: PL/pgSQL could not distinguish them. */
  private String variable(String variable, int i) {
    return "orderflow_" + (ids.isComposite() ? variable + "_" + (i + 1) : variable);
  }

  private String variableType(int i) {
    OrderIdType type = ids.types().get(i);
    return type == OrderIdType.INTEGER ? OrderIdType.BIGINT.sqlName() : type.sqlName();
  }

  private String joined(String separator, IntFunction<String> part) {
    return IntStream.range(0, ids.count()).mapToObj(part).collect(Collectors.joining(separator));
  }
}
