package io.orderflow.source.read;

import io.orderflow.source.schema.OrderIdColumns;
import io.orderflow.source.schema.OrderIdText;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A range of order IDs, as text (see {@link OrderIdText}), in the order of the primary key.
 *
 * @param after the last ID before the range; null if it begins with the first ID
 * @param upTo the last ID of the range; null if it has no end
 */
public record KeyRange(@Nullable String after, @Nullable String upTo) {

  /**
   * Binds the first parameters, one for each column of each bound; returns the index of the next.
   */
  int bind(PreparedStatement statement, OrderIdColumns ids) throws SQLException {
    int index = 1;
    for (String bound : Arrays.asList(after, upTo)) {
      if (bound != null) {
        for (String part : OrderIdText.split(bound, ids.count())) {
          statement.setString(index++, part);
        }
      }
    }
    return index;
  }
}
