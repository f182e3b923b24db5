package io.orderflow.source.sql;

import static io.orderflow.common.database.Identifiers.literal;
import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.common.database.Identifiers;
import io.orderflow.common.database.TableName;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderIdColumns;
import io.orderflow.source.schema.TableKind;
import io.orderflow.source.schema.TableKinds;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The SQL that prepares a source database, for its names of tables and columns. Empty lines
 * separate statements, and no statement contains one.
 */
public final class InstallSql {

  private final CaptureTriggers triggers;
  private final List<WatchTriggers> watched;
  private final TableKinds kinds;
  private final Registration registration;
  private final Registration deletesRegistration;
  private final SqlTemplate texts;
  private final boolean withItems;
  private final boolean partitionedItems;
  private final boolean withDeletes;

  /**
   * SQL for one source database.
   *
   * @param ids the order ID's columns
   * @param connector the name of the connector; empty if the SQL belongs to none
   */
  public InstallSql(
      CapturedTables tables, TableKinds kinds, OrderIdColumns ids, int shards, String connector) {
    this.kinds = kinds;
    TableName orders = tables.orders();
    TableName configured = tables.deletes();
    TableName deletes =
        configured == null
            ? new TableName(orders.schema(), orders.table() + "_deleted")
            : configured;
    IdSql id = new IdSql(ids);
    Map<String, String> values = new HashMap<>();
    values.put("orders", orders.quoted());
    values.put("orders_literal", literal(orders.quoted()));
    values.put("id", id.list());
    values.put("o_id", id.list("o."));
    values.put("new_id", id.value("NEW."));
    values.put("id_ordered", ShardSql.ordered(ids));
    values.put("xid", quote(tables.changeXid()));
    values.put("xid_literal", literal(tables.changeXid()));
    values.put("stamps_xid_literal", literal("NEW.%s := ".formatted(quote(tables.changeXid()))));
    values.put("updates_orders_literal", literal("UPDATE %s ".formatted(orders.quoted())));
    values.put(
        "sets_xid_literal",
        literal("%s = pg_current_xact_id()".formatted(quote(tables.changeXid()))));
    values.put(
        "capture_index", quote(ObjectNames.captureIndex(orders, tables.changeXid(), ids, shards)));
    values.put("shard", ShardSql.shard(ids, shards));
    values.put("shards", Integer.toString(shards));
    // Dollar quotes must not end within a name of these tables.
    values.put("watched", tables.watchedWithPaths().toString());
    registration = Registration.of(connector, orders, CaptureTriggers.identity(tables, id));
    deletesRegistration =
        Registration.of(connector, orders, CaptureTriggers.deletesIdentity(tables, id, deletes));
    values.put("unregister", registration.drop());
    values.put("unregister_deletes", deletesRegistration.drop());
    values.putAll(stampValues(tables, id));
    values.putAll(itemsValues(tables, id));
    values.putAll(deletesValues(tables, deletes, id, shards));
    values.putAll(existenceValues(tables, kinds, id));
    withItems = tables.items() != null;
    partitionedItems = kinds.items() == TableKind.PARTITIONED;
    withDeletes = configured != null;
    SqlTemplate base = SqlTemplate.of(values);
    SqlTemplate bodies = base.with(partsOfBodies(base));
    triggers = new CaptureTriggers(tables, kinds, id, deletes, bodies);
    watched = WatchTriggers.of(tables, id, bodies);
    texts = base.with(scripts(base)).with(watchScripts(base));
  }

  /** What the functions of all tables except for the orders table share. */
  private static Map<String, String> stampValues(CapturedTables tables, IdSql id) {
    Map<String, String> values = new HashMap<>();
    values.put(
        "done",
        literal("orderflow.stamped_" + ObjectNames.hash(CaptureTriggers.identity(tables, id))));
    values.put("touched", id.variables("touched"));
    values.put("touched_text", id.text("touched"));
    values.put("touched_declarations", id.declarations("touched"));
    values.put("first_touched", id.first("touched"));
    values.put("is_touched", id.isIn("o.", "touched"));
    values.put("unstamped", id.variables("unstamped"));
    values.put("unstamped_declarations", id.declarations("unstamped"));
    values.put("first_unstamped", id.first("unstamped"));
    values.put("is_unstamped", id.isIn("o.", "unstamped"));
    values.put(
        "unstamped_aggregates",
        id.aggregates(
            "o.",
            " FILTER (WHERE o.%s <> pg_current_xact_id())".formatted(quote(tables.changeXid()))));
    return values;
  }

  private static Map<String, String> itemsValues(CapturedTables tables, IdSql id) {
    TableName items = tables.items();
    if (items == null) {
      return Map.of();
    }
    IdSql orderId = new IdSql(id.ids().named(tables.itemsOrderId()));
    String index = quote(ObjectNames.orderIdIndex(items, tables.itemsOrderId()));
    Map<String, String> values = new HashMap<>();
    values.put("items", items.quoted());
    values.put("items_literal", literal(items.quoted()));
    values.put("order_id", orderId.list());
    values.put("i_order_id", orderId.list("i."));
    values.put("first_order_id_literal", literal(tables.itemsOrderId().get(0)));
    values.put("items_index", index);
    values.put("items_index_qualified", quote(items.schema()) + "." + index);
    values.put("stamp_orders_of", literal(CaptureTriggers.stampOrdersOf(tables, id)));
    values.put("item_aggregates", orderId.aggregates("i.", ""));
    values.put("old_order_id", orderId.value("OLD."));
    values.put("new_order_id", orderId.value("NEW."));
    values.put("touch_new", orderId.assignments("touched", "NEW."));
    values.put("touch_old", orderId.assignments("touched", "OLD."));
    values.put("touch_both", orderId.assignments("touched", "OLD.", "NEW."));
    return values;
  }

  private static Map<String, String> deletesValues(
      CapturedTables tables, TableName deletes, IdSql id, int shards) {
    IdSql deleted = new IdSql(DeletesTable.ids(id.ids()));
    String version = tables.version();
    String versionName = version == null ? "" : ", version";
    String versionNext = version == null ? "" : ", o." + quote(version) + "::bigint + 1";
    String versionSet = version == null ? "" : ", version = EXCLUDED.version";
    Map<String, String> values = new HashMap<>();
    values.put("deletes", deletes.quoted());
    values.put("deletes_literal", literal(deletes.quoted()));
    values.put("deleted_id", deleted.list());
    values.put("deleted_id_value", deleted.value("d."));
    values.put("deleted_definitions", deleted.definitions());
    values.put(
        "filled_columns",
        Stream.concat(
                deleted.ids().names().stream(),
                version == null ? Stream.empty() : Stream.of(DeletesTable.VERSION))
            .map(Identifiers::literal)
            .collect(Collectors.joining(", ")));
    values.put("inserted", id.variables("inserted"));
    values.put("inserted_declarations", id.declarations("inserted"));
    values.put("inserted_aggregates", id.aggregates("o.", ""));
    values.put("first_inserted", id.first("inserted"));
    values.put("is_inserted", deleted.isIn("d.", "inserted"));
    values.put(
        "deletes_index",
        quote(ObjectNames.ofTable("capture_" + shards, deletes.table(), deletes.quoted())));
    values.put("deletes_shard", ShardSql.shard(deleted.ids(), shards));
    values.put("deletes_id_ordered", ShardSql.ordered(deleted.ids()));
    values.put("deleted_additions", deleted.additions());
    values.put("version_column", version == null ? "" : "\n  version bigint NOT NULL,");
    values.put(
        "version_addition", version == null ? "" : "\n  ADD COLUMN version bigint NOT NULL,");
    values.put("version_name", versionName);
    values.put("version_next", versionNext);
    values.put("version_set", versionSet);
    String insert =
        "INSERT INTO %s AS d (%s%s)".formatted(deletes.quoted(), deleted.list(), versionName);
    values.put(
        "keep_orders_of",
        literal("%s SELECT %s%s FROM ".formatted(insert, id.list("o."), versionNext)));
    values.put(
        "keep_conflicts",
        literal(
            " ON CONFLICT (%s) DO UPDATE SET change_xid = EXCLUDED.change_xid%s"
                .formatted(deleted.list(), versionSet)));
    values.put(
        "fills_deletes",
        "p.proname LIKE 'orderflow\\_keep\\_%' AND strpos(p.prosrc, "
            + literal("INSERT INTO " + deletes.quoted() + " AS d ")
            + ") > 0");
    return values;
  }

  /**
   * Whether another row has the ID of a deleted one: an order that was moved to another partition,
   * or that a trigger of the shop has inserted again, still exists.
   */
  private static Map<String, String> existenceValues(
      CapturedTables tables, TableKinds kinds, IdSql id) {
    String existing =
        "NOT EXISTS (SELECT FROM %s AS existing WHERE %s"
            .formatted(tables.orders().quoted(), id.equals("existing.", "o."));
    boolean partitioned = kinds.orders() == TableKind.PARTITIONED;
    return Map.of(
        // The offset keeps the subquery apart, so that each ID is looked up along an index, however
        // few orders there seemed to be when the statement was planned.
        "is_gone",
        existing + " OFFSET 0)",
        // The rows to be truncated still exist, but no others of a table without partitions do.
        "is_truncated",
        literal(
            " AS o"
                + (partitioned
                    ? " WHERE " + existing + " AND existing.tableoid <> o.tableoid)"
                    : "")));
  }

  /** Parts that the functions of the items table share. */
  private static Map<String, String> partsOfBodies(SqlTemplate texts) {
    return Map.of(
        "stamp_variables", texts.render("stamp-variables.sql").stripTrailing(),
        "stamp_touched", texts.render("stamp-touched.sql").stripTrailing());
  }

  private Map<String, String> scripts(SqlTemplate texts) {
    TriggerFunction stamp = triggers.stampOrder().function();
    Map<String, String> all = new HashMap<>();
    all.put("stamp_order", stamp.call());
    all.put("stamp_order_literal", literal(stamp.call()));
    put(all, "orders", ordersGroup(), registration, triggers.ordersPartitions(), texts);
    put(
        all,
        "items",
        group(triggers, CaptureTriggers::itemsTriggers),
        registration,
        triggers.itemsPartitions(),
        texts);
    put(all, "deletes", deletesGroup(), deletesRegistration, triggers.deletesPartitions(), texts);
    return all;
  }

  private Map<String, String> watchScripts(SqlTemplate base) {
    StringBuilder create = new StringBuilder();
    StringBuilder drop = new StringBuilder();
    for (WatchTriggers table : watched) {
      TableKind kind = kinds.of(table.watched().table());
      create.append(table.group(kind).create(base));
      create.append(table.partitions(kind).map(sql -> sql.install(base)).orElse(""));
      create.append("\n");
      drop.append(table.group(kind).drop(base, registration)).append("\n");
    }
    return Map.of(
        "create_watch_triggers", create.toString(), "drop_watch_triggers", drop.toString());
  }

  private static TriggerGroup group(
      CaptureTriggers triggers, Function<CaptureTriggers, List<Trigger>> purpose) {
    List<Trigger> ofAllKinds =
        Stream.of(TableKind.values())
            .map(kind -> triggers.ofKinds(new TableKinds(kind, kind, Map.of())))
            .flatMap(others -> purpose.apply(others).stream())
            .distinct()
            .toList();
    return new TriggerGroup(purpose.apply(triggers), ofAllKinds, false);
  }

  private static void put(
      Map<String, String> all,
      String purpose,
      TriggerGroup triggers,
      Registration own,
      Optional<PartitionSql> partitions,
      SqlTemplate texts) {
    all.put(
        "create_%s_triggers".formatted(purpose),
        triggers.create(texts) + partitions.map(sql -> sql.install(texts)).orElse(""));
    all.put("drop_%s_triggers".formatted(purpose), triggers.drop(texts, own));
  }

  /** The triggers that record changes of orders: of the orders table. */
  public List<Trigger> ordersTriggers() {
    return List.of(triggers.stampOrder());
  }

  /** The triggers that record changes of items; none if an order is a single row. */
  public List<Trigger> itemsTriggers() {
    return triggers.itemsTriggers();
  }

  /** The triggers of the orders table that keep the IDs of deleted orders. */
  public List<Trigger> deletesTriggers() {
    return triggers.deletesTriggers();
  }

  /** The triggers of a watched table, or of one that belongs to a path. */
  public List<Trigger> watchTriggers(TableName table) {
    return watched.stream()
        .filter(triggersOf -> triggersOf.watched().table().equals(table))
        .flatMap(triggersOf -> triggersOf.triggers(kinds.of(table)).stream())
        .toList();
  }

  /** The partitions whose changes no trigger sees. */
  public List<PartitionSql> partitions() {
    return Stream.concat(
            Stream.of(
                triggers.ordersPartitions(),
                triggers.itemsPartitions(),
                withDeletes ? triggers.deletesPartitions() : Optional.<PartitionSql>empty()),
            watched.stream().map(table -> table.partitions(kinds.of(table.watched().table()))))
        .flatMap(Optional::stream)
        .toList();
  }

  /** All statements that query capture needs. */
  public String install() {
    return stamps() + "\n" + indexes();
  }

  /** Adds the column for the transaction ID, and the triggers that fill it. */
  public String stamps() {
    return texts.with(Map.of("register", registration.create(uninstall()))).render("stamps.sql");
  }

  /**
   * The script that creates the triggers of a table, and records its partitions.
   *
   * @param key the setting that names what the triggers are for
   */
  public String scriptFor(String key) {
    return key.equals(TableSettings.DELETES) ? deletesInstall() : stamps();
  }

  /**
   * Creates the indexes along which query capture reads. A partitioned table needs other
   * statements, which depend on its partitions.
   */
  public String indexes() {
    return indexes(texts.render("indexes.sql"));
  }

  /**
   * Creates the indexes along which query capture reads, if the orders table is partitioned.
   *
   * @param ofOrders the statements that create the index of the orders table and its partitions
   */
  public String indexesOfPartitions(List<String> ofOrders) {
    return indexes(
        "-- Each partition gets an index. That of a later partition is created with it. Run\n"
            + "-- them one by one; if one is interrupted, validate lists those that are left.\n"
            + String.join("\n\n", ofOrders)
            + "\n");
  }

  private String indexes(String ofOrders) {
    return ofOrders
        + (withItems && !partitionedItems ? "\n" + texts.render("items-indexes.sql") : "")
        + "\n"
        + texts.render("analyze.sql");
  }

  /** Removes everything that {@link #install} creates, unless another capture needs it. */
  public String uninstall() {
    return texts.render("uninstall.sql")
        + (withItems ? "\n" + texts.render("items-index-uninstall.sql") : "");
  }

  /**
   * Queries for the names of other connectors that have created the same triggers, one for each
   * table; without rows if this connector has created them, too.
   */
  public List<String> creatorsOfTriggers() {
    return Stream.of(
            Stream.of(ordersGroup()),
            withItems
                ? Stream.of(group(triggers, CaptureTriggers::itemsTriggers))
                : Stream.<TriggerGroup>empty(),
            watched.stream().map(table -> table.group(kinds.of(table.watched().table()))))
        .flatMap(groups -> groups)
        .map(group -> registration.others(group.mention()))
        .toList();
  }

  /** The same for the triggers that keep deleted orders. */
  public List<String> creatorsOfDeletes() {
    return List.of(deletesRegistration.others(deletesGroup().mention()));
  }

  private TriggerGroup deletesGroup() {
    return group(triggers, CaptureTriggers::deletesTriggers);
  }

  private TriggerGroup ordersGroup() {
    return new TriggerGroup(List.of(triggers.stampOrder()), List.of(), true);
  }

  /** Creates the table with the IDs of deleted orders, and the triggers that fill it. */
  public String deletesInstall() {
    return deletesInstall("");
  }

  /**
   * Gives the table with the IDs of deleted orders its columns, without its rows; and creates all
   * triggers that fill it, also those that other captures need, again in the same transaction.
   */
  public String recreateDeletes() {
    return deletesInstall(
        texts
            .with(Map.of("drop_triggers_of_all_captures", deletesGroup().dropOfAllCaptures(texts)))
            .render("deletes-drop.sql"));
  }

  private String deletesInstall(String drop) {
    return texts
        .with(
            Map.of(
                "drop_deletes",
                drop,
                "register_deletes",
                deletesRegistration.create(deletesUninstall())))
        .render("deletes-install.sql");
  }

  /** Removes everything that {@link #deletesInstall} creates, unless another capture needs it. */
  public String deletesUninstall() {
    return texts.render("deletes-uninstall.sql");
  }

  /** The statements of a script, to run one by one. */
  public static List<String> statements(String script) {
    return Arrays.stream(script.split("\\n\\s*\\n")).map(String::strip).toList();
  }
}
