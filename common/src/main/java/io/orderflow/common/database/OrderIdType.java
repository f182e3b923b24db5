package io.orderflow.common.database;

import java.util.Optional;

/** The types that an order ID may have; the table that exists rules. */
public enum OrderIdType {
  BIGINT("bigint"),
  INTEGER("integer"),
  UUID("uuid"),
  TEXT("text");

  private final String sqlName;

  OrderIdType(String sqlName) {
    this.sqlName = sqlName;
  }

  /** As in {@code CREATE TABLE} and in casts. */
  public String sqlName() {
    return sqlName;
  }

  /**
   * The type of a column.
   *
   * @param typeName as {@code pg_type.typname} has it: int8, int4, int2, uuid, text, varchar,
   *     bpchar
   */
  public static Optional<OrderIdType> ofCatalogueName(String typeName) {
    return switch (typeName) {
      case "int8" -> Optional.of(BIGINT);
      case "int4", "int2" -> Optional.of(INTEGER);
      case "uuid" -> Optional.of(UUID);
      case "text", "varchar" -> Optional.of(TEXT);
      default -> Optional.empty();
    };
  }
}
