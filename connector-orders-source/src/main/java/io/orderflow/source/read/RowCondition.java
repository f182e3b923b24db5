package io.orderflow.source.read;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A condition that selects the orders to read.
 *
 * @param sql an expression over the orders table
 * @param arrays its parameters, in their order: arrays of text
 */
public record RowCondition(String sql, List<List<@Nullable String>> arrays) {

  /** Selects all orders. */
  public static final RowCondition NONE = new RowCondition("true", List.of());

  boolean isNone() {
    return arrays.isEmpty();
  }

  void bind(Connection connection, PreparedStatement statement, int from) throws SQLException {
    int index = from;
    for (List<@Nullable String> array : arrays) {
      statement.setArray(index++, connection.createArrayOf("text", array.toArray()));
    }
  }
}
