package io.orderflow.source.read;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A range of order IDs, as text, in the order of the primary key.
 *
 * @param after the last ID before the range; null if it begins with the first ID
 * @param upTo the last ID of the range; null if it has no end
 */
public record KeyRange(@Nullable String after, @Nullable String upTo) {

  /** Binds the first parameters; returns the index of the next. */
  int bind(PreparedStatement statement) throws SQLException {
    int index = 1;
    if (after != null) {
      statement.setString(index++, after);
    }
    if (upTo != null) {
      statement.setString(index++, upTo);
    }
    return index;
  }
}
