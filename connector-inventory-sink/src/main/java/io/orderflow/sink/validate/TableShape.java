package io.orderflow.sink.validate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a table must be like.
 *
 * @param columns types by column; that of {@code order_id} may be another
 * @param key columns that identify a row
 * @param privileges what the sink does with it
 */
record TableShape(Map<String, String> columns, List<String> key, List<String> privileges) {

  static final TableShape STOCK =
      new TableShape(
          columns("sku text", "on_hand bigint", "reserved bigint", "moved bigint"),
          List.of("sku"),
          List.of("SELECT", "INSERT", "UPDATE"));

  static final TableShape ORDERS =
      new TableShape(
          columns(
              "order_id bigint",
              "version bigint",
              "state text",
              "reason text",
              "skus text[]",
              "reserved bigint[]",
              "on_hand_delta bigint[]",
              "backordered bigint[]",
              "updated_at timestamptz"),
          List.of("order_id"),
          List.of("SELECT", "INSERT", "UPDATE"));

  static final TableShape PAYMENTS =
      new TableShape(
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
          List.of("order_id"),
          List.of("SELECT", "INSERT", "UPDATE"));

  static final TableShape AUDIT =
      new TableShape(
          columns(
              "month date",
              "at timestamptz",
              "order_id bigint",
              "version bigint",
              "kind text",
              "state text",
              "reason text",
              "skus text[]",
              "reserved bigint[]",
              "on_hand bigint[]",
              "topic text",
              "kafka_partition integer",
              "kafka_offset bigint",
              "trace_id text"),
          List.of("order_id", "kind", "version", "month"),
          List.of("SELECT", "INSERT"));

  boolean isStock() {
    return columns.containsKey("moved");
  }

  /** Whether rows that are there need a 0 in a new column. */
  boolean counts(String column) {
    return isStock() && columns.getOrDefault(column, "").equals("bigint");
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
