package io.orderflow.sink.record;

/** Where the fields of each kind of record stand. */
public record Fields(OrderFields order, InventoryFields inventory, PaymentFields payment) {

  /** The names that the orders source writes, for a shop whose columns are called like that. */
  public static Fields defaults() {
    return new Fields(OrderFields.defaults(), InventoryFields.defaults(), PaymentFields.defaults());
  }

  /** The name of the order ID in the records of a role, in value and key. */
  FieldPath orderId(Role role) {
    return switch (role) {
      case ORDER -> order.id();
      case INVENTORY -> inventory.orderId();
      case PAYMENT -> payment.orderId();
    };
  }

  /**
   * Of an order event.
   *
   * @param sku of an item
   * @param quantity of an item
   * @param amount where a record has no such field, nothing is recorded as due
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

  /** Of an inventory update. */
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

  /** Of a payment update. */
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
