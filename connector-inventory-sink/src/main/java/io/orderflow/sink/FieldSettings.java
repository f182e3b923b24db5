package io.orderflow.sink;

import io.orderflow.sink.record.FieldPath;
import io.orderflow.sink.record.Fields;
import io.orderflow.sink.record.Fields.InventoryFields;
import io.orderflow.sink.record.Fields.OrderFields;
import io.orderflow.sink.record.Fields.PaymentFields;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Where the fields of the records stand: the {@code *.field} settings. */
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
            path(config, "order.id"),
            path(config, "order.version"),
            path(config, "order.status"),
            path(config, "order.items"),
            path(config, "order.sku"),
            path(config, "order.quantity"),
            path(config, "order.amount"),
            path(config, "order.currency")),
        new InventoryFields(
            path(config, "inventory.id"),
            path(config, "inventory.version"),
            path(config, "inventory.intent"),
            path(config, "inventory.items"),
            path(config, "inventory.sku"),
            path(config, "inventory.quantity")),
        new PaymentFields(
            path(config, "payment.id"),
            path(config, "payment.version"),
            path(config, "payment.status"),
            path(config, "payment.amount"),
            path(config, "payment.currency"),
            path(config, "payment.provider"),
            path(config, "payment.reference")));
  }

  private static FieldPath path(AbstractConfig config, String field) {
    return FieldPath.of(config.getString(key(field)));
  }

  private static String key(String field) {
    return field + ".field";
  }

  private static void field(
      ConfigDef definition,
      String group,
      int order,
      String field,
      FieldPath path,
      String documentation) {
    definition.define(
        key(field),
        Type.STRING,
        path.name(),
        new ConfigDef.NonEmptyString(),
        Importance.LOW,
        documentation,
        group,
        order,
        Width.MEDIUM,
        key(field));
  }
}
