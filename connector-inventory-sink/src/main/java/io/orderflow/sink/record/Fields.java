package io.orderflow.sink.record;

/** The paths of the fields of each kind of record. */
public record Fields(OrderFields order, InventoryFields inventory, PaymentFields payment) {

  /** The names that the orders source writes if the columns have these names. */
  public static Fields defaults() {
    return new Fields(OrderFields.defaults(), InventoryFields.defaults(), PaymentFields.defaults());
  }

  /** The path of the order ID, in values and keys, of the records of a role. */
  FieldPath orderId(Role role) {
    return switch (role) {
      case ORDER -> order.id();
      case INVENTORY -> inventory.orderId();
      case PAYMENT -> payment.orderId();
    };
  }

  /** The path of the version in the values of a role. */
  FieldPath version(Role role) {
    return switch (role) {
      case ORDER -> order.version();
      case INVENTORY -> inventory.version();
      case PAYMENT -> payment.version();
    };
  }

  /** The path of the status or intent in the values of a role. */
  FieldPath status(Role role) {
    return switch (role) {
      case ORDER -> order.status();
      case INVENTORY -> inventory.intent();
      case PAYMENT -> payment.status();
    };
  }

  /**
   * The fields of an order event.
   *
   * @param sku in an item
   * @param quantity in an item
   * @param amount a record without this field changes no amount due
   */
  public record OrderFields(
      FieldPath id,
      FieldPath version,
      FieldPath status,
      FieldPath items,
      FieldPath sku,
      FieldPath quantity,
      FieldPath amount,
      FieldPath currency) {

    public static OrderFields defaults() {
      return new OrderFields(
          FieldPath.of("id"),
          FieldPath.of("version"),
          FieldPath.of("status"),
          FieldPath.of("items"),
          FieldPath.of("sku"),
          FieldPath.of("quantity"),
          FieldPath.of("total"),
          FieldPath.of("currency"));
    }
  }

  /** The fields of an inventory update. */
  public record InventoryFields(
      FieldPath orderId,
      FieldPath version,
      FieldPath intent,
      FieldPath items,
      FieldPath sku,
      FieldPath quantity) {

    public static InventoryFields defaults() {
      return new InventoryFields(
          FieldPath.of("order_id"),
          FieldPath.of("version"),
          FieldPath.of("intent"),
          FieldPath.of("items"),
          FieldPath.of("sku"),
          FieldPath.of("quantity"));
    }
  }

  /** The fields of a payment update. */
  public record PaymentFields(
      FieldPath orderId,
      FieldPath version,
      FieldPath status,
      FieldPath amount,
      FieldPath currency,
      FieldPath provider,
      FieldPath reference) {

    public static PaymentFields defaults() {
      return new PaymentFields(
          FieldPath.of("order_id"),
          FieldPath.of("version"),
          FieldPath.of("status"),
          FieldPath.of("amount"),
          FieldPath.of("currency"),
          FieldPath.of("provider"),
          FieldPath.of("reference"));
    }
  }
}
