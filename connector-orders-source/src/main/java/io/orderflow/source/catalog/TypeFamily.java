package io.orderflow.source.catalog;

/** Types of columns whose values PostgreSQL compares with each other along an index. */
final class TypeFamily {

  private TypeFamily() {}

  /**
   * A type that stands for all types of a family; the type itself if it has none.
   *
   * @param typeName as {@code pg_type} has it
   */
  static String of(String typeName) {
    return switch (typeName) {
      case "int2", "int4", "int8" -> "int8";
      case "varchar" -> "text";
      default -> typeName;
    };
  }
}
