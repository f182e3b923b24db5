package io.orderflow.sink.update;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When the reservation of an order expires, as one version of the order says.
 *
 * @param isExplicit whether the record has this time; otherwise it follows from the record's own
 *     time, so that each version would have a later one
 */
public record Deadline(Instant at, boolean isExplicit) {

  /**
   * The deadline after this version. A time that the record has replaces the one before. Otherwise
   * the earlier one counts: an order that is edited must not wait longer.
   *
   * @param before the order's deadline before this version; null if it had none
   */
  public Instant after(@Nullable Instant before) {
    return before == null || isExplicit || at.isBefore(before) ? at : before;
  }
}
