package io.orderflow.source.read;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A range of order IDs, as text, in the order of the primary key.
 *
 * @param after the last ID before the range; null where it begins with the first
 * @param upTo the last ID of the range; null where it has no end
 */
public record KeyRange(@Nullable String after, @Nullable String upTo) {

  /** Sets the first parameters; returns the place of the next. */
  int bind(PreparedStatement statement) throws SQLException {
    int place = 1;
    if (after != null) {
      statement.setString(place++, after);
    }
    if (upTo != null) {
      statement.setString(place++, upTo);
    }
    return place;
  }
}
