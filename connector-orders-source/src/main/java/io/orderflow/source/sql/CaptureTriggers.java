package io.orderflow.source.sql;

import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.common.database.TableName;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.TableKind;
import io.orderflow.source.schema.TableKinds;
import io.orderflow.source.sql.Trigger.Event;
import io.orderflow.source.sql.Trigger.Level;
import io.orderflow.source.sql.Trigger.Timing;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The triggers of query capture: they record in each order which transaction has last changed it or
 * its items, and keep the IDs of deleted orders.
 *
 * @param id the columns of the orders table with the order ID
 * @param deletes the table with the IDs of deleted orders
 */
record CaptureTriggers(
    CapturedTables tables, TableKinds kinds, IdSql id, TableName deletes, SqlTemplate texts) {

  /** The functions call only what no user of the database can replace. */
  static final String SEARCH_PATH = "search_path=pg_catalog, pg_temp";

  /**
   * How functions look up rows by their keys. With a cached plan, a statement would use the one
   * that was good when the tables were small, for as long as the session lasts; with statistics of
   * that time, a new plan would read small tables as a whole.
   */
  static final List<String> LOOK_UPS =
      List.of(SEARCH_PATH, "plan_cache_mode=force_custom_plan", "enable_seqscan=off");

  /** Identifies what the triggers of this capture do. */
  static String[] identity(CapturedTables tables, IdSql id) {
    TableName items = tables.items();
    return items == null
        ? new String[] {tables.orders().quoted(), tables.changeXid()}
        : new String[] {
          tables.orders().quoted(),
          tables.changeXid(),
          id.list(),
          items.quoted(),
          String.join("\0", tables.itemsOrderId())
        };
  }

  /** Identifies what the triggers do that keep deleted orders. */
  static String[] deletesIdentity(CapturedTables tables, IdSql id, TableName deletes) {
    return new String[] {
      tables.orders().quoted(),
      deletes.quoted(),
      id.list(),
      Objects.requireNonNullElse(tables.version(), "")
    };
  }

  /** An UPDATE of the orders whose IDs follow, up to the name of the table that has them. */
  static String stampOrdersOf(CapturedTables tables, IdSql id) {
    return stampOrdersOf(tables, id, new IdSql(id.ids().named(tables.itemsOrderId())).list());
  }

  /**
   * The same for other tables.
   *
   * @param orderId expressions for the columns with the order ID, with commas between them
   */
  static String stampOrdersOf(CapturedTables tables, IdSql id, String orderId) {
    return "UPDATE %1$s SET %2$s = pg_current_xact_id() WHERE %2$s <> pg_current_xact_id() AND %3$s IN (SELECT %4$s FROM "
        .formatted(tables.orders().quoted(), quote(tables.changeXid()), id.value(""), orderId);
  }

  /** The same capture, if its tables were of other kinds. */
  CaptureTriggers ofKinds(TableKinds others) {
    return new CaptureTriggers(tables, others, id, deletes, texts);
  }

  /** The partitions of the orders table, if it has any. */
  Optional<PartitionSql> ordersPartitions() {
    return kinds.orders() == TableKind.PARTITIONED
        ? Optional.of(
            new PartitionSql(
                TableSettings.ORDERS_TABLE,
                tables.orders(),
                stampFunction(),
                null,
                "UPDATE ",
                " SET %s = pg_current_xact_id()".formatted(quote(tables.changeXid())),
                " WHERE %s < ".formatted(quote(tables.changeXid())),
                " WHERE p.%s < ".formatted(quote(tables.changeXid())),
                false))
        : Optional.empty();
  }

  /** The partitions of the items table, if it has any. */
  Optional<PartitionSql> itemsPartitions() {
    TableName items = tables.items();
    if (items == null || kinds.items() != TableKind.PARTITIONED) {
      return Optional.empty();
    }
    Trigger truncate = last(itemsTriggers());
    return Optional.of(
        new PartitionSql(
            TableSettings.ITEMS_TABLE,
            items,
            truncate.function(),
            truncate,
            stampOrdersOf(tables, id),
            ")",
            " AND %s < ".formatted(quote(tables.changeXid())),
            " JOIN %s AS o ON %s = %s WHERE o.%s < "
                .formatted(
                    tables.orders().quoted(),
                    id.value("o."),
                    new IdSql(id.ids().named(tables.itemsOrderId())).value("p."),
                    quote(tables.changeXid())),
            true));
  }

  /** The partitions of the orders table, as those of which deletes are kept, if it has any. */
  Optional<PartitionSql> deletesPartitions() {
    if (kinds.orders() != TableKind.PARTITIONED) {
      return Optional.empty();
    }
    Trigger truncate = last(deletesTriggers());
    return Optional.of(
        new PartitionSql(
            TableSettings.DELETES,
            tables.orders(),
            truncate.function(),
            truncate,
            "DELETE FROM %s WHERE %s IN (SELECT %s FROM "
                .formatted(
                    deletes.quoted(), new IdSql(DeletesTable.ids(id.ids())).value(""), id.list()),
            ")",
            null,
            null,
            true));
  }

  private static Trigger last(List<Trigger> triggers) {
    return triggers.get(triggers.size() - 1);
  }

  /**
   * The trigger of the orders table. Each capture has one of its own, so that what they share is in
   * use as long as one is left.
   */
  Trigger stampOrder() {
    return new Trigger(
        ObjectNames.ofTrigger("stamp", identity(tables, id)),
        tables.orders(),
        Timing.BEFORE,
        List.of(Event.INSERT, Event.UPDATE),
        Level.ROW,
        null,
        stampFunction());
  }

  private TriggerFunction stampFunction() {
    TableName orders = tables.orders();
    String name = ObjectNames.ofTable("stamp", orders.table(), orders.quoted(), tables.changeXid());
    return new TriggerFunction(
        new TableName(orders.schema(), name),
        texts.render("stamp-order-body.sql"),
        false,
        List.of());
  }

  /** The triggers of the items table; none if an order is a single row. */
  List<Trigger> itemsTriggers() {
    TableName items = tables.items();
    if (items == null) {
      return List.of();
    }
    boolean byRow = kinds.items().othersReachRows();
    Group group = new Group("items", items, identity(tables, id));
    List<Trigger> triggers = new ArrayList<>();
    if (byRow) {
      triggers.add(
          group.after(
              List.of(Event.INSERT, Event.UPDATE, Event.DELETE),
              Level.ROW,
              null,
              "stamp-item-body.sql"));
    } else {
      for (Event event : List.of(Event.INSERT, Event.UPDATE, Event.DELETE)) {
        triggers.add(group.after(List.of(event), Level.STATEMENT, null, "stamp-items-body.sql"));
      }
    }
    triggers.add(group.truncate("stamp-truncated-body.sql"));
    return triggers;
  }

  /** The triggers of the orders table that keep the IDs of deleted orders. */
  List<Trigger> deletesTriggers() {
    Group group = new Group("deletes", tables.orders(), deletesIdentity(tables, id, deletes));
    String renamed = id.differs("OLD.", "NEW.");
    List<Trigger> triggers = new ArrayList<>();
    if (kinds.orders().othersReachRows()) {
      triggers.add(
          group.after(
              List.of(Event.INSERT, Event.DELETE), Level.ROW, null, "keep-deleted-row-body.sql"));
    } else {
      for (Event event : List.of(Event.INSERT, Event.DELETE)) {
        triggers.add(group.after(List.of(event), Level.STATEMENT, null, "keep-deleted-body.sql"));
      }
    }
    triggers.add(
        group.after(List.of(Event.UPDATE), Level.ROW, renamed, "keep-deleted-row-body.sql"));
    triggers.add(group.truncate("keep-truncated-body.sql"));
    return triggers;
  }

  /** Makes triggers of one table whose names differ from those of all other captures. */
  private final class Group {

    private final String purpose;
    private final TableName table;
    private final String[] identity;

    Group(String purpose, TableName table, String... identity) {
      this.purpose = purpose;
      this.table = table;
      this.identity = identity;
    }

    Trigger after(List<Event> events, Level level, @Nullable String condition, String body) {
      String name = level == Level.ROW && condition == null ? "row" : events.get(0).lowerCase();
      return trigger(name, Timing.AFTER, events, level, condition, body);
    }

    Trigger truncate(String body) {
      return trigger(
          Event.TRUNCATE.lowerCase(),
          Timing.BEFORE,
          List.of(Event.TRUNCATE),
          Level.STATEMENT,
          null,
          body);
    }

    private Trigger trigger(
        String name,
        Timing timing,
        List<Event> events,
        Level level,
        @Nullable String condition,
        String body) {
      return new Trigger(
          ObjectNames.ofTrigger(purpose + "_" + name, identity),
          table,
          timing,
          events,
          level,
          condition,
          function(body));
    }

    /** The body of a function for TRUNCATE is dynamic SQL, which is planned each time anyway. */
    private TriggerFunction function(String body) {
      String role = body.replace("-body.sql", "").replace('-', '_');
      return new TriggerFunction(
          new TableName(
              tables.orders().schema(), ObjectNames.ofTable(role, table.table(), identity)),
          texts.render(body),
          true,
          body.contains("truncated") ? List.of(SEARCH_PATH) : LOOK_UPS);
    }
  }
}
