package io.orderflow.sink.warehouse;

import io.orderflow.common.database.TableName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/**
 * The statements of the payments table; {@code p} is the row that is there, {@code n} what is new.
 */
final class PaymentSql {

  /**
   * A part of a row, with a version of its own; a row that is to change has one of them or both.
   */
  enum Part {
    PAID("version", "status", "amount", "currency", "provider", "reference"),
    DUE("due_version", "due", "due_currency");

    private final String version;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> columns;

    /** The version comes first. */
    Part(String... columns) {
      this.version = columns[0];
      this.columns = List.of(columns);
    }

    private String isNewer() {
      return "n.%1$s IS NOT NULL AND (p.%1$s IS NULL OR p.%1$s < n.%1$s)".formatted(version);
    }
  }

  static final Set<Part> ALL = Collections.unmodifiableSet(EnumSet.allOf(Part.class));

  /** How many columns a COPY has: the order ID, and those of both parts. */
  static final int COLUMNS = 1 + Part.PAID.columns.size() + Part.DUE.columns.size();

  private final String table;
  private final String idArray;

  PaymentSql(TableName table, OrderIdColumn ids) {
    this.table = table.quoted();
    this.idArray = ids.arrayType();
  }

  String read() {
    return "SELECT order_id, version, due_version FROM %s WHERE order_id = ANY (?::%s)"
        .formatted(table, idArray);
  }

  String copy() {
    return "COPY %s (%s) FROM STDIN (FORMAT binary)".formatted(table, columns(ALL));
  }

  /** Changes rows that are there. */
  String update(Set<Part> parts) {
    return """
        UPDATE %s p SET %s
          FROM unnest(%s) AS n (%s)
         WHERE p.order_id = n.order_id AND (%s)"""
        .formatted(table, assignments(parts), arrays(parts), columns(parts), guard(parts));
  }

  /** Makes rows, but for those that are there by now. */
  String insert() {
    return "INSERT INTO %s (%s) SELECT * FROM unnest(%s) ON CONFLICT (order_id) DO NOTHING"
        .formatted(table, columns(ALL), arrays(ALL));
  }

  private static String columns(Set<Part> parts) {
    List<String> columns = new ArrayList<>(List.of("order_id"));
    parts.forEach(part -> columns.addAll(part.columns));
    return String.join(", ", columns);
  }

  private String arrays(Set<Part> parts) {
    StringJoiner arrays = new StringJoiner(", ").add("?::" + idArray);
    for (Part part : parts) {
      for (String column : part.columns) {
        arrays.add("?::" + type(column) + "[]");
      }
    }
    return arrays.toString();
  }

  private static String type(String column) {
    return switch (column) {
      case "version", "due_version" -> "bigint";
      case "amount", "due" -> "numeric";
      default -> "text";
    };
  }

  /** Where there are two parts, each row keeps of each what is newer. */
  private static String assignments(Set<Part> parts) {
    StringJoiner assignments = new StringJoiner(", ");
    for (Part part : parts) {
      for (String column : part.columns) {
        assignments.add(
            parts.size() == 1
                ? "%1$s = n.%1$s".formatted(column)
                : "%1$s = CASE WHEN %2$s THEN n.%1$s ELSE p.%1$s END"
                    .formatted(column, part.isNewer()));
      }
    }
    return assignments.add("updated_at = now()").toString();
  }

  private static String guard(Set<Part> parts) {
    return parts.stream().map(part -> part.isNewer()).collect(Collectors.joining(" OR "));
  }
}
