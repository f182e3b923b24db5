package io.orderflow.common.database;

import java.util.Optional;

/** The types of order IDs. The type of an existing table decides. */
public enum OrderIdType {
  BIGINT("bigint"),
  INTEGER("integer"),
  UUID("uuid"),
  TEXT("text");

  private final String sqlName;

  OrderIdType(String sqlName) {
    this.sqlName = sqlName;
  }

  /** The name in {@code CREATE TABLE} and in casts. */
  public String sqlName() {
    return sqlName;
  }

  /**
   * The type of a column.
   *
   * @param typeName name in {@code pg_type.typname}: int8, int4, int2, uuid, text, varchar, bpchar
   */
  public static Optional<OrderIdType> ofTypeName(String typeName) {
    return switch (typeName) {
      case "int8" -> Optional.of(BIGINT);
      case "int4", "int2" -> Optional.of(INTEGER);
      case "uuid" -> Optional.of(UUID);
      case "text", "varchar" -> Optional.of(TEXT);
      default -> Optional.empty();
    };
  }
}
