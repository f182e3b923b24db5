package io.orderflow.common.failure;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Passes a failure of one thread on to another, which awaits its result. */
public final class ThreadFailure {

  private ThreadFailure() {}

  /**
   * Throws the failure itself if it is unchecked, since callers distinguish failures by their type.
   *
   * @return the failure, to be thrown, if it is of the database
   * @throws IllegalStateException with the failure as its cause, if it is another checked exception
   */
  public static SQLException rethrown(@Nullable Throwable failure) {
    if (failure instanceof SQLException database) {
      return database;
    }
    if (failure instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    throw new IllegalStateException(failure);
  }
}
