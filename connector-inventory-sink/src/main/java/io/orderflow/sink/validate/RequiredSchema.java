package io.orderflow.sink.validate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The schema that the sink requires of a table.
 *
 * @param columns types by column; the type of {@code order_id} may differ
 * @param counters columns that start at 0
 * @param key columns that identify a row
 * @param privileges that the sink needs
 */
record RequiredSchema(
    Map<String, String> columns, Set<String> counters, List<String> key, List<String> privileges) {

  /** What follows the type of a column that starts at 0. */
  private static final String COUNTER = " NOT NULL DEFAULT 0";

  static final RequiredSchema STOCK =
      new RequiredSchema(
          columns("sku text", "on_hand bigint", "reserved bigint", "moved bigint"),
          Set.of("on_hand", "reserved", "moved"),
          List.of("sku"),
          List.of("SELECT", "INSERT", "UPDATE"));

  static final RequiredSchema ORDERS =
      new RequiredSchema(
          columns(
              "order_id bigint",
              "version bigint",
              "state text",
              "reason text",
              "skus text[]",
              "reserved bigint[]",
              "on_hand_delta bigint[]",
              "backordered bigint[]",
              "updated_at timestamptz",
              "revision bigint"),
          Set.of(),
          List.of("order_id"),
          List.of("SELECT", "INSERT", "UPDATE"));

  static final RequiredSchema PAYMENTS =
      new RequiredSchema(
          columns(
              "order_id bigint",
              "version bigint",
              "status text",
              "amount numeric",
              "currency text",
              "provider text",
              "reference text",
              "due numeric",
              "due_currency text",
              "due_version bigint",
              "updated_at timestamptz"),
          Set.of(),
          List.of("order_id"),
          List.of("SELECT", "INSERT", "UPDATE"));

  static final RequiredSchema ORDER_PAYMENTS =
      new RequiredSchema(
          columns(
              "payment_id text",
              "order_id bigint",
              "version bigint",
              "state text",
              "status text",
              "amount numeric",
              "paid numeric",
              "refunded numeric",
              "currency text",
              "provider text",
              "reference text",
              "updated_at timestamptz"),
          Set.of("paid", "refunded"),
          List.of("payment_id"),
          List.of("SELECT", "INSERT", "UPDATE"));

  static final RequiredSchema PAYMENT_TOTALS =
      new RequiredSchema(
          columns(
              "order_id bigint",
              "currency text",
              "paid numeric",
              "refunded numeric",
              "updated_at timestamptz"),
          Set.of("paid", "refunded"),
          List.of("order_id", "currency"),
          List.of("SELECT", "INSERT", "UPDATE"));

  static final RequiredSchema AUDIT =
      new RequiredSchema(
          columns(
              "month date",
              "at timestamptz",
              "order_id bigint",
              "version bigint",
              "kind text",
              "payment_id text",
              "state text",
              "reason text",
              "skus text[]",
              "reserved bigint[]",
              "on_hand bigint[]",
              "topic text",
              "kafka_partition integer",
              "kafka_offset bigint",
              "trace_id text"),
          Set.of(),
          List.of("order_id", "kind", "payment_id", "version", "month"),
          List.of("SELECT", "INSERT"));

  /** What follows the column's type in its definition; empty, or begins with a space. */
  String constraint(String column) {
    return column.equals(RevisionColumn.NAME)
        ? RevisionColumn.CONSTRAINT
        : counters.contains(column) ? COUNTER : "";
  }

  private static Map<String, String> columns(String... definitions) {
    Map<String, String> columns = new LinkedHashMap<>();
    for (String definition : definitions) {
      String[] parts = definition.split(" ", 2);
      columns.put(parts[0], parts[1]);
    }
    return columns;
  }
}
