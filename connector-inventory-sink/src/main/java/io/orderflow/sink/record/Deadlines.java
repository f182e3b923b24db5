package io.orderflow.sink.record;

import io.orderflow.sink.update.Deadline;
import io.orderflow.sink.update.Intent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which reservations expire, and when.
 *
 * @param ttl from the time of a record to the deadline; zero if only a field says when
 * @param statuses of orders whose reservations expire; empty for all that reserve
 * @param orderField of order events, with the deadline; null if events have no such field
 * @param inventoryField the same of inventory updates
 */
public record Deadlines(
    Duration ttl,
    Set<String> statuses,
    @Nullable FieldPath orderField,
    @Nullable FieldPath inventoryField) {

  /** No reservation expires. */
  public static final Deadlines NEVER = new Deadlines(Duration.ZERO, Set.of(), null, null);

  public Deadlines {
    statuses = Set.copyOf(statuses);
  }

  /** Whether a record can have a deadline. */
  public boolean areUsed() {
    return !ttl.isZero() || orderField != null || inventoryField != null;
  }

  /**
   * The deadline of an order event; null if its reservation does not expire.
   *
   * @param fields with the status; the first that has an intent decides
   */
  @Nullable Deadline ofOrder(Row value, Intent intent, List<FieldPath> fields, Statuses intents) {
    return !areUsed() || intent != Intent.RESERVE || !mayExpire(value, fields, intents)
        ? null
        : deadline(value, orderField, ttl);
  }

  private boolean mayExpire(Row value, List<FieldPath> fields, Statuses intents) {
    if (statuses.isEmpty()) {
      return true;
    }
    FieldPath deciding =
        fields.stream()
            .filter(field -> intents.of(value, field) != null)
            .findFirst()
            .orElse(fields.get(0));
    return statuses.contains(Statuses.text(value, deciding));
  }

  /** The same of an inventory update, which has no status: of some, only its own field counts. */
  @Nullable Deadline ofInventory(Row value, Intent intent) {
    return !areUsed() || intent != Intent.RESERVE
        ? null
        : deadline(value, inventoryField, statuses.isEmpty() ? ttl : Duration.ZERO);
  }

  private static @Nullable Deadline deadline(Row value, @Nullable FieldPath field, Duration after) {
    Object found = field == null ? null : value.optional(field);
    if (field != null && found != null) {
      try {
        return new Deadline(PointInTime.of(found), true);
      } catch (FieldError error) {
        throw value.bad(field, error);
      }
    }
    return after.isZero() ? null : new Deadline(time(value).plus(after), false);
  }

  /** The time that Kafka has for the record, so that a replay gives the same deadline. */
  private static Instant time(Row value) {
    return value.timestamp(
        "the time from which reservation.ttl.ms counts",
        "Produce the record with a timestamp, or send the deadline in a field: "
            + "order.expires.field, inventory.expires.field.");
  }
}
