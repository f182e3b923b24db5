package io.orderflow.source.sql;

import static io.orderflow.common.database.Identifiers.literal;
import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.common.database.TableName;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.TableKind;
import io.orderflow.source.schema.WatchedTable;
import io.orderflow.source.sql.Trigger.Event;
import io.orderflow.source.sql.Trigger.Level;
import io.orderflow.source.sql.Trigger.Timing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The triggers of one watched table: they record a change of its rows in the orders to which the
 * rows belong, before and after the change.
 *
 * @param id the columns of the orders table with the order ID
 */
record WatchTriggers(CapturedTables tables, WatchedTable watched, IdSql id, SqlTemplate texts) {

  /** The triggers of all watched tables, and of the tables of their paths. */
  static List<WatchTriggers> of(CapturedTables tables, IdSql id, SqlTemplate texts) {
    return tables.watchedWithPaths().stream()
        .map(watched -> new WatchTriggers(tables, watched, id, texts))
        .toList();
  }

  /** The triggers for a table of a kind. */
  List<Trigger> triggers(TableKind kind) {
    List<Trigger> triggers = new ArrayList<>();
    List<Event> changes = List.of(Event.INSERT, Event.UPDATE, Event.DELETE);
    if (kind.othersReachRows()) {
      triggers.add(after("row", changes, Level.ROW));
    } else {
      changes.forEach(
          event -> triggers.add(after(event.lowerCase(), List.of(event), Level.STATEMENT)));
    }
    triggers.add(truncate());
    return triggers;
  }

  /** The triggers for the table, and those for tables of other kinds. */
  TriggerGroup group(TableKind kind) {
    List<Trigger> ofAllKinds =
        Stream.of(TableKind.values()).flatMap(any -> triggers(any).stream()).distinct().toList();
    return new TriggerGroup(triggers(kind), ofAllKinds, false);
  }

  /** The partitions of the table, if it has any. */
  Optional<PartitionSql> partitions(TableKind kind) {
    if (kind != TableKind.PARTITIONED) {
      return Optional.empty();
    }
    Trigger truncate = truncate();
    WatchSql sql = new WatchSql(watched);
    String xid = quote(tables.changeXid());
    return Optional.of(
        new PartitionSql(
            TableSettings.WATCH,
            watched.table(),
            truncate.function(),
            truncate,
            stampOrders(),
            " AS " + WatchSql.ROW + sql.path() + ")",
            " AND %s < ".formatted(xid),
            " CROSS JOIN LATERAL (SELECT p.*) AS %s%s JOIN %s AS o ON %s WHERE o.%s < "
                .formatted(
                    WatchSql.ROW,
                    sql.path(),
                    tables.orders().quoted(),
                    "(%s) = (%s)".formatted(id.list("o."), sql.orderId()),
                    xid),
            true));
  }

  private Trigger after(String name, List<Event> events, Level level) {
    boolean byRow = level == Level.ROW;
    return trigger(
        name,
        Timing.AFTER,
        events,
        level,
        function(
            byRow ? "stamp_row" : "stamp_rows",
            texts
                .with(
                    Map.of(
                        "old_rows", byRow ? "(SELECT OLD.*)" : Trigger.OLD_ROWS,
                        "new_rows", byRow ? "(SELECT NEW.*)" : Trigger.NEW_ROWS,
                        "row", WatchSql.ROW,
                        "path", new WatchSql(watched).path(),
                        "found", new WatchSql(watched).orderId(),
                        "found_names", found().list(),
                        "found_aggregates", found().aggregates("f.", "")))
                .render("stamp-watched-body.sql"),
            CaptureTriggers.LOOK_UPS));
  }

  private Trigger truncate() {
    return trigger(
        Event.TRUNCATE.lowerCase(),
        Timing.BEFORE,
        List.of(Event.TRUNCATE),
        Level.STATEMENT,
        function(
            "stamp_truncated",
            texts
                .with(
                    Map.of(
                        "stamp_orders_before", literal(stampOrders()),
                        "stamp_orders_after",
                            literal(" AS " + WatchSql.ROW + new WatchSql(watched).path() + ")")))
                .render("stamp-watched-truncated-body.sql"),
            List.of(CaptureTriggers.SEARCH_PATH)));
  }

  /** An UPDATE of the orders of some rows, up to the name of the table that has the rows. */
  private String stampOrders() {
    return CaptureTriggers.stampOrdersOf(tables, id, new WatchSql(watched).orderId());
  }

  /** The columns of the orders that were found, under names that no path has. */
  private IdSql found() {
    return new IdSql(
        id.ids()
            .named(
                IntStream.rangeClosed(1, id.ids().count())
                    .mapToObj(part -> "orderflow_found_" + part)
                    .toList()));
  }

  private Trigger trigger(
      String name, Timing timing, List<Event> events, Level level, TriggerFunction function) {
    return new Trigger(
        ObjectNames.ofTrigger("watch_" + name, identity()),
        watched.table(),
        timing,
        events,
        level,
        null,
        function);
  }

  private TriggerFunction function(String role, String body, List<String> settings) {
    String name = ObjectNames.ofTable("watch_" + role, watched.table().table(), identity());
    return new TriggerFunction(new TableName(tables.orders().schema(), name), body, true, settings);
  }

  /** Identifies what the triggers do, for one capture. */
  private String[] identity() {
    List<String> identity = new ArrayList<>(Arrays.asList(CaptureTriggers.identity(tables, id)));
    identity.add(id.list());
    identity.add(watched.toString());
    return identity.toArray(String[]::new);
  }
}
