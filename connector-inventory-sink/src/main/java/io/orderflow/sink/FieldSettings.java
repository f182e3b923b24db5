package io.orderflow.sink;

import io.orderflow.common.config.Setting;
import io.orderflow.common.config.SettingsGroup;
import io.orderflow.sink.record.FieldPath;
import io.orderflow.sink.record.Fields;
import io.orderflow.sink.record.Fields.InventoryFields;
import io.orderflow.sink.record.Fields.OrderFields;
import io.orderflow.sink.record.Fields.PaymentFields;
import java.util.List;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;

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

  private static final String INVENTORY_ID = "inventory.id.field";
  private static final String INVENTORY_VERSION = "inventory.version.field";
  private static final String INVENTORY_INTENT = "inventory.intent.field";
  private static final String INVENTORY_ITEMS = "inventory.items.field";
  private static final String INVENTORY_SKU = "inventory.sku.field";
  private static final String INVENTORY_QUANTITY = "inventory.quantity.field";

  private static final String PAYMENT_ID = "payment.id.field";
  private static final String PAYMENT_VERSION = "payment.version.field";
  private static final String PAYMENT_STATUS = "payment.status.field";
  private static final String PAYMENT_AMOUNT = "payment.amount.field";
  private static final String PAYMENT_CURRENCY = "payment.currency.field";
  private static final String PAYMENT_PROVIDER = "payment.provider.field";
  private static final String PAYMENT_REFERENCE = "payment.reference.field";

  static final List<SettingsGroup> GROUPS =
      List.of(
          orders(OrderFields.defaults()),
          inventory(InventoryFields.defaults()),
          payments(PaymentFields.defaults()));

  private FieldSettings() {}

  private static SettingsGroup orders(OrderFields fields) {
    return SettingsGroup.of(
        "Fields of order events",
        field(ORDER_ID, fields.id(), "Order ID; it may also be in the record key."),
        field(ORDER_VERSION, fields.version(), "Version, which grows with each change."),
        field(ORDER_STATUS, fields.status(), "Status, which the status settings map to an intent."),
        field(ORDER_ITEMS, fields.items(), "Array of items."),
        field(ORDER_SKU, fields.sku(), "SKU of an item."),
        field(ORDER_QUANTITY, fields.quantity(), "Quantity of an item."),
        field(
            ORDER_AMOUNT,
            fields.amount(),
            "Amount due for the order. For records without the field, no amount is recorded."),
        field(ORDER_CURRENCY, fields.currency(), "Currency of the amount due."));
  }

  private static SettingsGroup inventory(InventoryFields fields) {
    return SettingsGroup.of(
        "Fields of inventory updates",
        field(
            INVENTORY_ID,
            fields.orderId(),
            "ID of the order, or of another cause of the update; it may also be in the record key."),
        field(INVENTORY_VERSION, fields.version(), "Version, which grows with each update."),
        field(
            INVENTORY_INTENT,
            fields.intent(),
            "Intent: RESERVE, RELEASE, SHIP, RECEIVE or RETURN."),
        field(INVENTORY_ITEMS, fields.items(), "Array of items."),
        field(INVENTORY_SKU, fields.sku(), "SKU of an item."),
        field(INVENTORY_QUANTITY, fields.quantity(), "Quantity of an item."));
  }

  private static SettingsGroup payments(PaymentFields fields) {
    return SettingsGroup.of(
        "Fields of payment updates",
        field(
            PAYMENT_ID,
            fields.orderId(),
            "ID of the paid order; it may also be in the record key."),
        field(PAYMENT_VERSION, fields.version(), "Version, which grows with each update."),
        field(PAYMENT_STATUS, fields.status(), "Status of the payment, stored unchanged."),
        field(PAYMENT_AMOUNT, fields.amount(), "Paid amount."),
        field(PAYMENT_CURRENCY, fields.currency(), "Currency of the paid amount."),
        field(PAYMENT_PROVIDER, fields.provider(), "Payment provider."),
        field(PAYMENT_REFERENCE, fields.reference(), "The provider's ID of the payment."));
  }

  private static Setting field(String key, FieldPath path, String documentation) {
    return Setting.of(key, Type.STRING)
        .defaultsTo(path.name())
        .validatedBy(new ConfigDef.NonEmptyString())
        .low()
        .documented(documentation);
  }

  static Fields fields(AbstractConfig config) {
    return new Fields(orderFields(config), inventoryFields(config), paymentFields(config));
  }

  private static OrderFields orderFields(AbstractConfig config) {
    return new OrderFields(
        path(config, ORDER_ID),
        path(config, ORDER_VERSION),
        path(config, ORDER_STATUS),
        path(config, ORDER_ITEMS),
        path(config, ORDER_SKU),
        path(config, ORDER_QUANTITY),
        path(config, ORDER_AMOUNT),
        path(config, ORDER_CURRENCY));
  }

  private static InventoryFields inventoryFields(AbstractConfig config) {
    return new InventoryFields(
        path(config, INVENTORY_ID),
        path(config, INVENTORY_VERSION),
        path(config, INVENTORY_INTENT),
        path(config, INVENTORY_ITEMS),
        path(config, INVENTORY_SKU),
        path(config, INVENTORY_QUANTITY));
  }

  private static PaymentFields paymentFields(AbstractConfig config) {
    return new PaymentFields(
        path(config, PAYMENT_ID),
        path(config, PAYMENT_VERSION),
        path(config, PAYMENT_STATUS),
        path(config, PAYMENT_AMOUNT),
        path(config, PAYMENT_CURRENCY),
        path(config, PAYMENT_PROVIDER),
        path(config, PAYMENT_REFERENCE));
  }

  private static FieldPath path(AbstractConfig config, String key) {
    return FieldPath.of(config.getString(key));
  }
}
