package io.orderflow.sink.record;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Recognizes Debezium's change events of one role. The configured paths say where the envelope is:
 * {@code after.id} leads into one that is the value itself, {@code payload.after.id} into one in
 * the field {@code payload}. Without a path through {@code after}, the value has the row's columns,
 * and {@code __deleted} if Debezium's transformation ExtractNewRecordState has unwrapped it.
 */
final class ChangeEvents {

  /** What happened to the row of an event. */
  enum Change {
    /** It was inserted, updated or read, or the record is no change event. */
    WRITE,
    DELETE,
    /** The whole table was truncated: the event names no row. */
    TRUNCATE
  }

  /** The row after the change; null in the event of a delete. */
  static final String AFTER = "after";

  /** The row before the change. */
  static final String BEFORE = "before";

  /** The default of the transformation's setting add.fields.prefix. */
  private static final String EVENT_PREFIX = "__";

  /** Null if no path leads into an envelope. */
  private final @Nullable FieldPath operation;

  private final FieldPath deleted;

  /** Null if the version is a column of the row. */
  private final @Nullable FieldPath versionOfEvent;

  private ChangeEvents(
      @Nullable FieldPath operation, FieldPath deleted, @Nullable FieldPath versionOfEvent) {
    this.operation = operation;
    this.deleted = deleted;
    this.versionOfEvent = versionOfEvent;
  }

  static ChangeEvents of(Fields fields, Role role) {
    FieldPath version = fields.version(role);
    FieldPath operation =
        Stream.of(fields.orderId(role), fields.status(role), version)
            .filter(path -> path.leadsThrough(AFTER))
            .findFirst()
            .map(path -> path.beside(AFTER, "op"))
            .orElse(null);
    boolean ofEvent =
        operation == null
            ? version.lastStep().startsWith(EVENT_PREFIX)
            : !version.leadsThrough(AFTER);
    return new ChangeEvents(
        operation,
        fields.orderId(role).sibling(EVENT_PREFIX + "deleted"),
        ofEvent ? version : null);
  }

  Change of(Row value) {
    if (operation != null) {
      Object code = value.peek(operation);
      if ("d".equals(code)) {
        return Change.DELETE;
      }
      if ("t".equals(code)) {
        return Change.TRUNCATE;
      }
    }
    // The transformation writes text, the one for MongoDB a boolean.
    Object flag = value.peek(deleted);
    return "true".equals(flag) || Boolean.TRUE.equals(flag) ? Change.DELETE : Change.WRITE;
  }

  /** The field with the version of the event itself, such as source.lsn; null if it has none. */
  @Nullable FieldPath versionOfEvent() {
    return versionOfEvent;
  }

  BadRecordException truncated(Row value, String remedy) {
    return value.bad(
        operation == null ? deleted : operation,
        new FieldError(
            "a change of one row",
            "a TRUNCATE of the table",
            remedy
                + ": the event does not name them. Set skipped.operations=t in Debezium to leave such"
                + " events out."));
  }
}
