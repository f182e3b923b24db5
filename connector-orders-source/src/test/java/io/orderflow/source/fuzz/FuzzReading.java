package io.orderflow.source.fuzz;

import static io.orderflow.common.database.Identifiers.quote;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What events show of the tables, if the connector reads views or has conditions; and the same in
 * other SQL, over the tables alone, as the reference reads it.
 *
 * @param ordersView the view of orders; null if the table is read
 * @param itemsView the view of items; null if the table is read
 * @param settings those of the connector
 * @param orders a query of the orders that events show
 * @param items a query of the items that events show
 * @param matching whether an order {@code o} is to be captured at all, as a condition that is never
 *     null
 */
record FuzzReading(
    @Nullable String ordersView,
    @Nullable String itemsView,
    Map<String, String> settings,
    String orders,
    String items,
    String matching) {

  /**
   * A text of an order that no view or condition leaves out, and that does not count as deleted.
   */
  static final String SHOWN = "'SHOWN'";

  private static final String SCHEMA = "public";
  private static final String ORDERS_VIEW = "fuzz \"order\" view";
  private static final String ITEMS_VIEW = "fuzz_item_view";

  /** The tables as they are. */
  static FuzzReading ofTables(String orders, String items) {
    return new FuzzReading(null, null, Map.of(), "TABLE " + orders, "TABLE " + items, "true");
  }

  /**
   * Draws views and conditions over the first columns, which have a text.
   *
   * @param orders the table, quoted
   * @param items the table, quoted
   * @param watching may be shown by the view of orders
   * @param ddl receives what creates the views
   */
  static FuzzReading draw(
      Draw draw,
      String orders,
      FuzzColumn status,
      String items,
      FuzzColumn sku,
      FuzzWatching watching,
      List<String> ddl,
      Set<String> kinds) {
    Map<String, String> settings = new HashMap<>();
    ddl.add("CREATE TABLE public.fuzz_labels (code text PRIMARY KEY, label text)");
    ddl.add("INSERT INTO public.fuzz_labels VALUES ('NEW', 'new'), ('PAID', NULL)");
    String shownOrders = "SELECT * FROM %s AS o".formatted(orders);
    String shownItems = "SELECT * FROM %s AS i".formatted(items);
    List<String> orderConditions = new ArrayList<>();
    List<String> itemConditions = new ArrayList<>();
    boolean ofOrders = draw.flip();
    boolean ofItems = draw.flip();
    String text = status.quoted();
    String watched = "";
    if (ofOrders && watching.exist() && draw.flip()) {
      kinds.add("a view of watched tables");
      watched = ", %s || %s AS fuzz_watched".formatted(watching.direct(), watching.referenced());
    }
    if (ofOrders) {
      kinds.add("a view of orders");
      ddl.add(
          """
          CREATE VIEW %1$s.%2$s AS
          SELECT l.label AS fuzz_label, o.*, length(o.%3$s) AS fuzz_length%5$s
          FROM %4$s AS o LEFT JOIN public.fuzz_labels AS l ON l.code = o.%3$s
          WHERE o.%3$s <> 'SHIPPED'"""
              .formatted(SCHEMA, quote(ORDERS_VIEW), text, orders, watched));
      settings.put("orders.view", SCHEMA + "." + quote(ORDERS_VIEW));
      shownOrders =
          """
          SELECT o.*, length(o.%1$s) AS fuzz_length,
                 (SELECT label FROM public.fuzz_labels WHERE code = o.%1$s) AS fuzz_label%3$s
          FROM %2$s AS o"""
              .formatted(text, orders, watched);
      orderConditions.add("NOT (o.%s = 'SHIPPED')".formatted(text));
    }
    if (ofItems) {
      kinds.add("a view of items");
      ddl.add(
          """
          CREATE VIEW %1$s.%2$s AS
          SELECT i.*, l.label AS fuzz_label FROM %4$s AS i JOIN public.fuzz_labels AS l ON l.code = i.%3$s"""
              .formatted(SCHEMA, quote(ITEMS_VIEW), sku.quoted(), items));
      settings.put("items.view", ITEMS_VIEW);
      shownItems =
          "SELECT i.*, (SELECT label FROM public.fuzz_labels WHERE code = i.%s) AS fuzz_label FROM %s AS i"
              .formatted(sku.quoted(), items);
      itemConditions.add(
          "EXISTS (SELECT FROM public.fuzz_labels WHERE code = i.%s)".formatted(sku.quoted()));
    }
    boolean softDeletes = draw.flip();
    if (softDeletes) {
      kinds.add("soft deletes");
      settings.put("orders.deleted.where", text + " = 'PAID'");
    }
    if (draw.flip()) {
      kinds.add("rows that are no items");
      settings.put("items.where", "NOT " + sku.quoted() + " = 'PAID'");
      itemConditions.add("i.%s <> 'PAID'".formatted(sku.quoted()));
    }
    String matching = "true";
    if (draw.flip()) {
      kinds.add("a condition of orders");
      boolean byLabel = ofOrders && draw.flip();
      settings.put(
          "orders.where",
          byLabel
              ? "fuzz_label IS DISTINCT FROM 'new'"
              : draw.of("%1$s <> 'NEW'", "%1$s IN ('PAID', 'SHIPPED') OR length(%1$s) > 4")
                  .formatted(text));
      matching = "(o.%s = 'NEW') IS NOT TRUE".formatted(text);
    }
    if (softDeletes) {
      // The condition of orders comes first.
      orderConditions.add("((o.%s = 'PAID') IS NOT TRUE OR NOT (%s))".formatted(text, matching));
    }
    return new FuzzReading(
        ofOrders ? ORDERS_VIEW : null,
        ofItems ? ITEMS_VIEW : null,
        settings,
        shownOrders + where(orderConditions),
        shownItems + where(itemConditions),
        matching);
  }

  private static String where(List<String> conditions) {
    return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
  }

  /** Whether the shop's statements may change columns: PostgreSQL refuses most that a view has. */
  boolean hasViews() {
    return ordersView != null || itemsView != null;
  }

  /** Whether an order may be deleted, for events, without a deletion of its row. */
  boolean hidesOrders() {
    return ordersView != null || settings.containsKey("orders.deleted.where");
  }

  /** Whether events lack items that have rows. */
  boolean hidesItems() {
    return itemsView != null || settings.containsKey("items.where");
  }

  /** The relation with the columns of an order. */
  String ordersName(String table) {
    return ordersView == null ? table : ordersView;
  }

  /** The relation with the columns of an item. */
  String itemsName(String table) {
    return itemsView == null ? table : itemsView;
  }

  /** The schema of such a relation. */
  String schemaOf(@Nullable String view, String schema) {
    return view == null ? schema : SCHEMA;
  }
}
