package io.orderflow.sink.warehouse;

import java.util.List;
import java.util.Set;

/** The schemas that the sink requires of the tables of backorders. */
final class BackorderSchemas {

  static final RequiredSchema ORDERS =
      new RequiredSchema(
          RequiredSchema.columns(
              "order_id bigint",
              "sku text",
              "location text",
              "version bigint",
              "wanted bigint",
              "on_hand_delta bigint",
              "lacking bigint",
              "place bigint",
              "waiting_since timestamptz"),
          Set.of(),
          Set.of(),
          List.of("order_id", "sku", "location"),
          List.of("SELECT", "INSERT", "UPDATE", "DELETE"));

  static final RequiredSchema DUE =
      new RequiredSchema(
          RequiredSchema.columns("id bigint", "sku text"),
          Set.of(),
          Set.of(),
          List.of("id"),
          List.of("SELECT", "INSERT", "DELETE"));

  private BackorderSchemas() {}
}
