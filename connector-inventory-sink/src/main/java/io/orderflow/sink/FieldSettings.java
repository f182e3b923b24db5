package io.orderflow.sink;

import io.orderflow.common.config.Setting;
import io.orderflow.common.config.SettingsGroup;
import io.orderflow.common.config.Validators;
import io.orderflow.sink.record.FieldPath;
import io.orderflow.sink.record.Fields;
import io.orderflow.sink.record.Fields.DocumentFields;
import io.orderflow.sink.record.Fields.InventoryFields;
import io.orderflow.sink.record.Fields.ItemFields;
import io.orderflow.sink.record.Fields.OrderFields;
import io.orderflow.sink.record.Fields.PaymentFields;
import java.util.List;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.jspecify.annotations.Nullable;

/** Names of the fields in records: the {@code *.field} settings. */
final class FieldSettings {

  private static final String ORDER_ID = "order.id.field";
  private static final String ORDER_VERSION = "order.version.field";
  private static final String ORDER_STATUS = "order.status.field";
  private static final String ORDER_ITEMS = "order.items.field";
  private static final String ORDER_SKU = "order.sku.field";
  private static final String ORDER_QUANTITY = "order.quantity.field";
  private static final String ORDER_AMOUNT = "order.amount.field";
  private static final String ORDER_CURRENCY = "order.currency.field";
  private static final String ORDER_SHIPPED = "order.shipped.field";
  private static final String ORDER_RETURNED = "order.returned.field";
  private static final String ORDER_ITEM_STATUS = "order.item.status.field";
  private static final String ORDER_LOCATION = "order.location.field";
  private static final String ORDER_ITEM_LOCATION = "order.item.location.field";
  private static final String ORDER_EXPIRES = "order.expires.field";

  private static final String INVENTORY_ID = "inventory.id.field";
  private static final String INVENTORY_VERSION = "inventory.version.field";
  private static final String INVENTORY_INTENT = "inventory.intent.field";
  private static final String INVENTORY_ITEMS = "inventory.items.field";
  private static final String INVENTORY_SKU = "inventory.sku.field";
  private static final String INVENTORY_QUANTITY = "inventory.quantity.field";
  private static final String INVENTORY_LOCATION = "inventory.location.field";
  private static final String INVENTORY_ITEM_LOCATION = "inventory.item.location.field";
  private static final String INVENTORY_EXPIRES = "inventory.expires.field";

  private static final String INVENTORY_COUNTED_AT = "inventory.counted.at.field";
  private static final String INVENTORY_REASON = "inventory.reason.field";
  private static final String INVENTORY_TO_LOCATION = "inventory.to.location.field";
  private static final String INVENTORY_ITEM_TO_LOCATION = "inventory.item.to.location.field";

  private static final String ITEM_LOCATION =
      "Stock location of an item, such as a warehouse or a store: text or a whole number.";
  private static final String LOCATION =
      "Stock location of the items without one of their own. If there is none either,"
          + " location.policy chooses it.";

  static final List<SettingsGroup> GROUPS =
      List.of(
          orders(OrderFields.defaults()),
          inventory(InventoryFields.defaults()),
          PaymentFieldSettings.group(PaymentFields.defaults()));

  private FieldSettings() {}

  private static SettingsGroup orders(OrderFields fields) {
    return SettingsGroup.of(
        "Fields of order events",
        field(ORDER_ID, fields.id(), "Order ID; it may also be in the record key."),
        field(ORDER_VERSION, fields.version(), "Version, which grows with each change."),
        fields(
            ORDER_STATUS,
            fields.status(),
            "Status, which the status settings map to an intent; of several fields, the first whose"
                + " content is mapped decides."),
        field(ORDER_ITEMS, fields.items().items(), "Array of items."),
        fields(
            ORDER_SKU,
            fields.items().sku(),
            "SKU of an item; of several fields, the first that is neither null nor empty."),
        field(ORDER_QUANTITY, fields.items().quantity(), "Quantity of an item."),
        optional(
            ORDER_SHIPPED,
            "Quantity of an item that has been shipped so far. It leaves the stock, and the rest"
                + " remains reserved if the order reserves. By default, the order's status alone says"
                + " what is shipped."),
        optional(
            ORDER_RETURNED,
            "Quantity of an item that has been shipped and is back so far. By default, the order's"
                + " status alone says what is returned."),
        optional(
            ORDER_ITEM_STATUS,
            "Status of an item, which the status settings map to the intent of that item. The order's"
                + " status decides about items without one and items that reserve."),
        optional(ORDER_ITEM_LOCATION, ITEM_LOCATION),
        optional(ORDER_LOCATION, LOCATION),
        field(
            ORDER_AMOUNT,
            fields.amount(),
            "Amount due for the order. For records without the field, no amount is recorded."),
        field(ORDER_CURRENCY, fields.currency(), "Currency of the amount due."),
        optional(ORDER_EXPIRES, expires("order")));
  }

  private static SettingsGroup inventory(InventoryFields fields) {
    return SettingsGroup.of(
        "Fields of inventory updates",
        field(
            INVENTORY_ID,
            fields.orderId(),
            "ID of the order, or of another cause of the update, such as a receipt, an adjustment or a"
                + " transfer; it may also be in the record key."),
        field(INVENTORY_VERSION, fields.version(), "Version, which grows with each update."),
        field(
            INVENTORY_INTENT,
            fields.intent(),
            "Intent: RESERVE, RELEASE, SHIP, RECEIVE, RETURN or KEEP; of a stock document ADJUST, COUNT,"
                + " HOLD, TRANSFER or TRANSFER_RECEIVED."),
        field(INVENTORY_ITEMS, fields.items().items(), "Array of items."),
        fields(
            INVENTORY_SKU,
            fields.items().sku(),
            "SKU of an item; of several fields, the first that is neither null nor empty."),
        field(
            INVENTORY_QUANTITY,
            fields.items().quantity(),
            "Quantity of an item; of an ADJUST the difference, which may be negative; of a COUNT"
                + " everything that is on hand."),
        optional(INVENTORY_ITEM_LOCATION, ITEM_LOCATION),
        optional(INVENTORY_LOCATION, LOCATION),
        field(
            INVENTORY_ITEM_TO_LOCATION,
            fields.documents().itemDestination(),
            "Location that an item of a TRANSFER or TRANSFER_RECEIVED is transferred to."),
        field(
            INVENTORY_TO_LOCATION,
            fields.documents().destination(),
            "The same for all items of the record that name none."),
        field(
            INVENTORY_COUNTED_AT,
            fields.documents().countedAt(),
            "Time of a COUNT: a Connect Timestamp, text with an offset such as 2026-11-30T12:00:00Z, or"
                + " milliseconds since 1970. If goods were moved after it, by the clock of the warehouse"
                + " database, the count is rejected."),
        field(
            INVENTORY_REASON,
            fields.documents().reason(),
            "Why an ADJUST, COUNT, HOLD or TRANSFER changes stock, as text. It is stored as the reason."),
        optional(INVENTORY_EXPIRES, expires("update")));
  }

  private static String expires(String subject) {
    return "Time at which the reservation of the "
        + subject
        + " expires: a Connect Timestamp, text with an offset such as 2026-11-30T12:00:00Z, or"
        + " milliseconds since 1970. A later version may change it. For records without it,"
        + " reservation.ttl.ms decides.";
  }

  static Setting field(String key, FieldPath path, String documentation) {
    return Setting.of(key, Type.STRING)
        .defaultsTo(path.name())
        .validatedBy(new ConfigDef.NonEmptyString())
        .low()
        .documented(documentation);
  }

  /** Several fields, of which one is used. */
  static Setting fields(String key, List<FieldPath> paths, String documentation) {
    return Setting.of(key, Type.LIST)
        .defaultsTo(paths.stream().map(FieldPath::name).toList())
        .validatedBy(Validators.notEmptyList())
        .low()
        .documented(documentation);
  }

  static Setting optional(String key, String documentation) {
    return Setting.of(key, Type.STRING).optional().low().documented(documentation);
  }

  static Fields fields(AbstractConfig config) {
    return new Fields(
        orderFields(config), inventoryFields(config), PaymentFieldSettings.fields(config));
  }

  private static OrderFields orderFields(AbstractConfig config) {
    return new OrderFields(
        path(config, ORDER_ID),
        path(config, ORDER_VERSION),
        paths(config, ORDER_STATUS),
        new ItemFields(
            path(config, ORDER_ITEMS),
            paths(config, ORDER_SKU),
            path(config, ORDER_QUANTITY),
            pathIfSet(config, ORDER_SHIPPED),
            pathIfSet(config, ORDER_RETURNED),
            pathIfSet(config, ORDER_ITEM_STATUS),
            pathIfSet(config, ORDER_ITEM_LOCATION),
            pathIfSet(config, ORDER_LOCATION)),
        path(config, ORDER_AMOUNT),
        path(config, ORDER_CURRENCY));
  }

  private static InventoryFields inventoryFields(AbstractConfig config) {
    return new InventoryFields(
        path(config, INVENTORY_ID),
        path(config, INVENTORY_VERSION),
        path(config, INVENTORY_INTENT),
        new ItemFields(
            path(config, INVENTORY_ITEMS),
            paths(config, INVENTORY_SKU),
            path(config, INVENTORY_QUANTITY),
            null,
            null,
            null,
            pathIfSet(config, INVENTORY_ITEM_LOCATION),
            pathIfSet(config, INVENTORY_LOCATION)),
        new DocumentFields(
            path(config, INVENTORY_REASON),
            path(config, INVENTORY_COUNTED_AT),
            path(config, INVENTORY_ITEM_TO_LOCATION),
            path(config, INVENTORY_TO_LOCATION)));
  }

  /** The field with the deadline of an order; null if events have none. */
  static @Nullable FieldPath orderExpires(AbstractConfig config) {
    return pathIfSet(config, ORDER_EXPIRES);
  }

  /** The field with the deadline of an inventory update; null if updates have none. */
  static @Nullable FieldPath inventoryExpires(AbstractConfig config) {
    return pathIfSet(config, INVENTORY_EXPIRES);
  }

  static List<FieldPath> paths(AbstractConfig config, String key) {
    return config.getList(key).stream().map(FieldPath::of).toList();
  }

  static @Nullable FieldPath pathIfSet(AbstractConfig config, String key) {
    String name = config.getString(key);
    return name == null || name.isEmpty() ? null : FieldPath.of(name);
  }

  static FieldPath path(AbstractConfig config, String key) {
    return FieldPath.of(config.getString(key));
  }
}
