package io.orderflow.sink.warehouse;

import io.orderflow.common.database.OrderIdType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/** Converts order IDs of one type to and from SQL. */
record OrderIdColumn(OrderIdType type) {

  /** The SQL type of an array of IDs. */
  String arrayType() {
    return type.sqlName() + "[]";
  }

  /** The IDs as an array that the driver can send: of long for whole numbers, else of String. */
  Object array(List<?> ids) {
    return switch (type) {
      case BIGINT, INTEGER -> ids.stream().mapToLong(Long.class::cast).toArray();
      case UUID -> ids.stream().map(UUID.class::cast).map(UUID::toString).toArray(String[]::new);
      case TEXT -> ids.stream().map(String.class::cast).toArray(String[]::new);
    };
  }

  /** Reads an ID from a row. */
  Object read(ResultSet row, int column) throws SQLException {
    return switch (type) {
      case BIGINT, INTEGER -> row.getLong(column);
      case UUID -> row.getObject(column, UUID.class);
      case TEXT -> row.getString(column);
    };
  }

  /** Writes an ID as the next field of a row. */
  void write(BinaryCopy rows, Object id) {
    switch (type) {
      case BIGINT -> rows.bigint((long) id);
      case INTEGER -> rows.integer(Math.toIntExact((long) id));
      case UUID -> rows.uuid((UUID) id);
      case TEXT -> rows.text((String) id);
    }
  }

  /** The order in which all tasks lock rows. Any order would do, as long as all use the same. */
  @SuppressWarnings("unchecked")
  static int compare(Object one, Object other) {
    return ((Comparable<Object>) one).compareTo(other);
  }
}
