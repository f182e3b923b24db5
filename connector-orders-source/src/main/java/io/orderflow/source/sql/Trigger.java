package io.orderflow.source.sql;

import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.common.database.TableName;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A trigger that a capture needs. It fires always, whatever {@code session_replication_role} is, so
 * that rows which a migration or a subscription writes are captured as well.
 *
 * @param condition of an UPDATE of a row; null if it fires for every one
 */
public record Trigger(
    String name,
    TableName table,
    Timing timing,
    List<Event> events,
    Level level,
    @Nullable String condition,
    TriggerFunction function) {

  /** The name under which a statement's trigger sees the rows before the change. */
  public static final String OLD_ROWS = "old_rows";

  /** The name under which a statement's trigger sees the rows after the change. */
  public static final String NEW_ROWS = "new_rows";

  public Trigger {
    events = List.copyOf(events);
  }

  /** When a trigger fires; the code is its bit in {@code pg_trigger.tgtype}. */
  public enum Timing {
    BEFORE(2),
    AFTER(0);

    private final int code;

    Timing(int code) {
      this.code = code;
    }
  }

  /** What a trigger fires for; the code is its bit in {@code pg_trigger.tgtype}. */
  public enum Event {
    INSERT(4),
    DELETE(8),
    UPDATE(16),
    TRUNCATE(32);

    private final int code;

    Event(int code) {
      this.code = code;
    }

    /** The event's name as a part of other names. */
    String lowerCase() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How often a trigger fires; the code is its bit in {@code pg_trigger.tgtype}. */
  public enum Level {
    ROW(1),
    STATEMENT(0);

    private final int code;

    Level(int code) {
      this.code = code;
    }
  }

  /** Timing, events and level as in {@code pg_trigger.tgtype}. */
  public int type() {
    return timing.code + level.code + events.stream().mapToInt(event -> event.code).sum();
  }

  /** Whether the function sees all rows of a statement before the change. */
  public boolean hasOldRows() {
    return level == Level.STATEMENT
        && (events.contains(Event.UPDATE) || events.contains(Event.DELETE));
  }

  /** Whether the function sees all rows of a statement after the change. */
  public boolean hasNewRows() {
    return level == Level.STATEMENT
        && (events.contains(Event.UPDATE) || events.contains(Event.INSERT));
  }

  /** The statements that create the trigger, or replace it. */
  String create() {
    String rows =
        (hasOldRows() ? " OLD TABLE AS " + OLD_ROWS : "")
            + (hasNewRows() ? " NEW TABLE AS " + NEW_ROWS : "");
    return "CREATE OR REPLACE TRIGGER %s %s %s ON %s%s\nFOR EACH %s%s EXECUTE FUNCTION %s;\n\n%s"
        .formatted(
            quotedName(),
            timing,
            events.stream().map(Event::name).collect(Collectors.joining(" OR ")),
            table.quoted(),
            rows.isEmpty() ? "" : "\nREFERENCING" + rows,
            level,
            condition == null ? "" : " WHEN (" + condition + ")",
            function.call(),
            enable());
  }

  /** The statement that lets the trigger fire always. */
  private String enable() {
    return "ALTER TABLE %s ENABLE ALWAYS TRIGGER %s;\n".formatted(table.quoted(), quotedName());
  }

  /** The name, quoted for SQL. */
  public String quotedName() {
    return quote(name);
  }
}
