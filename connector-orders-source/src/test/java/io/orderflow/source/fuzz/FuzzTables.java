package io.orderflow.source.fuzz;

import io.orderflow.common.database.Identifiers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Generated tables of a shop, and the configuration that captures them.
 *
 * @param id the order ID's column
 * @param key a further column of the orders' key; null if the ID alone is the key
 * @param version the column with the order's version; null if the shop keeps none
 * @param orderColumns the other columns of the orders table
 * @param line the column that identifies an item within its order
 * @param itemColumns the other columns of the items table
 * @param itemLeaves the partitions of the items table that have rows, quoted
 * @param foreignKey the foreign key of the items
 * @param ddl the statements that create the tables
 * @param databaseSettings settings of the database, each as {@code name = value}
 * @param choices what the connector makes of the columns
 * @param reading what events show of the tables
 * @param watching the tables whose changes emit orders again
 * @param settings those of the connector that follow from the tables
 * @param kinds the kinds of tables and columns, for the report
 */
record FuzzTables(
    String schema,
    String orders,
    String items,
    OrderIds ids,
    String id,
    @Nullable KeyColumn key,
    @Nullable String version,
    List<FuzzColumn> orderColumns,
    String itemsOrderId,
    String line,
    List<FuzzColumn> itemColumns,
    List<String> itemLeaves,
    ForeignKey foreignKey,
    List<String> ddl,
    List<String> databaseSettings,
    ColumnChoices choices,
    FuzzReading reading,
    FuzzWatching watching,
    Map<String, String> settings,
    Set<String> kinds) {

  /** Foreign keys from items to orders. */
  enum ForeignKey {
    NONE(""),
    PLAIN(""),
    CASCADE("ON DELETE CASCADE ON UPDATE CASCADE"),
    DEFERRED("ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED"),
    NOT_VALID("ON DELETE CASCADE NOT VALID");

    private final String clause;

    ForeignKey(String clause) {
      this.clause = clause;
    }

    String clause() {
      return clause;
    }

    boolean deletesItems() {
      return this == CASCADE || this == NOT_VALID;
    }

    boolean changesItems() {
      return this == CASCADE || this == DEFERRED;
    }
  }

  String ordersTable() {
    return Identifiers.quote(schema) + "." + Identifiers.quote(orders);
  }

  String itemsTable() {
    return Identifiers.quote(schema) + "." + Identifiers.quote(items);
  }

  String quotedId() {
    return Identifiers.quote(id);
  }

  String quotedItemsOrderId() {
    return Identifiers.quote(itemsOrderId);
  }

  String quotedLine() {
    return Identifiers.quote(line);
  }

  /** The further column of the order ID; null if the ID has one column. */
  @Nullable KeyColumn idKey() {
    return key != null && key.identifies() ? key : null;
  }

  /** The columns that identify a row of the orders table, for SQL. */
  String quotedKey() {
    return key == null ? quotedId() : key.quoted() + ", " + quotedId();
  }

  /** The order ID as records have it, by the order's number. */
  String idText(int number) {
    KeyColumn more = idKey();
    String text = ids.text(number);
    return more == null ? text : more.literal(number) + ":" + CapturedEvent.escaped(text);
  }

  /** The column by which the items of an event are sorted; null if nothing says. */
  @Nullable String itemOrder() {
    if (choices.itemsOrderBy() != null) {
      return choices.itemsOrderBy();
    }
    if (is("items keyed by own")) {
      return ItemsGenerator.OWN_ID;
    }
    return is("items keyed by order and line") || is("items keyed by line and order") ? line : null;
  }

  boolean is(String kind) {
    return kinds.contains(kind);
  }
}
