package io.orderflow.source.read;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has to hold of the orders that are read.
 *
 * @param sql an expression over the orders table
 * @param arrays its parameters, in their order: arrays of text
 */
public record RowCondition(String sql, List<List<@Nullable String>> arrays) {

  /** All orders are read. */
  public static final RowCondition NONE = new RowCondition("true", List.of());

  boolean isNone() {
    return arrays.isEmpty();
  }

  void bind(Connection connection, PreparedStatement statement, int from) throws SQLException {
    int place = from;
    for (List<@Nullable String> array : arrays) {
      statement.setArray(place++, connection.createArrayOf("text", array.toArray()));
    }
  }
}
