package io.orderflow.sink;

import io.orderflow.sink.record.Fields;
import io.orderflow.sink.record.Fields.InventoryFields;
import io.orderflow.sink.record.Fields.OrderFields;
import io.orderflow.sink.record.Fields.PaymentFields;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** What the fields of the records are called: the {@code *.field} settings. */
final class FieldSettings {

  private static final String ORDER = "Fields of order events";
  private static final String INVENTORY = "Fields of inventory updates";
  private static final String PAYMENT = "Fields of payment updates";

  private FieldSettings() {}

  static void define(ConfigDef definition) {
    OrderFields order = OrderFields.defaults();
    field(definition, ORDER, 1, "order.id", order.id(), "Order ID; the record key may hold it.");
    field(definition, ORDER, 2, "order.version", order.version(), "Grows with each change.");
    field(definition, ORDER, 3, "order.status", order.status(), "Maps to an intent.");
    field(definition, ORDER, 4, "order.items", order.items(), "Array of items.");
    field(definition, ORDER, 5, "order.sku", order.sku(), "SKU of an item.");
    field(definition, ORDER, 6, "order.quantity", order.quantity(), "Quantity of an item.");
    field(
        definition,
        ORDER,
        7,
        "order.amount",
        order.amount(),
        "What is due for the order. Where a record has no such field, nothing is noted as due.");
    field(definition, ORDER, 8, "order.currency", order.currency(), "Currency of what is due.");

    InventoryFields inventory = InventoryFields.defaults();
    field(
        definition,
        INVENTORY,
        1,
        "inventory.id",
        inventory.orderId(),
        "ID of the order, or of whatever else moves stock; the record key may hold it.");
    field(
        definition, INVENTORY, 2, "inventory.version", inventory.version(), "Grows with each one.");
    field(
        definition,
        INVENTORY,
        3,
        "inventory.intent",
        inventory.intent(),
        "RESERVE, RELEASE, SHIP, RECEIVE or RETURN.");
    field(definition, INVENTORY, 4, "inventory.items", inventory.items(), "Array of items.");
    field(definition, INVENTORY, 5, "inventory.sku", inventory.sku(), "SKU of an item.");
    field(definition, INVENTORY, 6, "inventory.quantity", inventory.quantity(), "Quantity of it.");

    PaymentFields payment = PaymentFields.defaults();
    field(
        definition,
        PAYMENT,
        1,
        "payment.id",
        payment.orderId(),
        "ID of the order that is paid; the record key may hold it.");
    field(definition, PAYMENT, 2, "payment.version", payment.version(), "Grows with each one.");
    field(definition, PAYMENT, 3, "payment.status", payment.status(), "Kept as it is.");
    field(definition, PAYMENT, 4, "payment.amount", payment.amount(), "What was paid.");
    field(definition, PAYMENT, 5, "payment.currency", payment.currency(), "Of the amount.");
    field(definition, PAYMENT, 6, "payment.provider", payment.provider(), "Who took the money.");
    field(
        definition,
        PAYMENT,
        7,
        "payment.reference",
        payment.reference(),
        "The payment's identity at its provider.");
  }

  static Fields fields(AbstractConfig config) {
    return new Fields(
        new OrderFields(
            name(config, "order.id"),
            name(config, "order.version"),
            name(config, "order.status"),
            name(config, "order.items"),
            name(config, "order.sku"),
            name(config, "order.quantity"),
            name(config, "order.amount"),
            name(config, "order.currency")),
        new InventoryFields(
            name(config, "inventory.id"),
            name(config, "inventory.version"),
            name(config, "inventory.intent"),
            name(config, "inventory.items"),
            name(config, "inventory.sku"),
            name(config, "inventory.quantity")),
        new PaymentFields(
            name(config, "payment.id"),
            name(config, "payment.version"),
            name(config, "payment.status"),
            name(config, "payment.amount"),
            name(config, "payment.currency"),
            name(config, "payment.provider"),
            name(config, "payment.reference")));
  }

  private static String name(AbstractConfig config, String field) {
    return config.getString(key(field));
  }

  private static String key(String field) {
    return field + ".field";
  }

  private static void field(
      ConfigDef definition,
      String group,
      int order,
      String field,
      String name,
      String documentation) {
    definition.define(
        key(field),
        Type.STRING,
        name,
        new ConfigDef.NonEmptyString(),
        Importance.LOW,
        documentation,
        group,
        order,
        Width.MEDIUM,
        key(field));
  }
}
