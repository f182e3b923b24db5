package io.orderflow.sink.record;

/** What the fields of each kind of record are called. */
public record Fields(OrderFields order, InventoryFields inventory, PaymentFields payment) {

  /** The names that the orders source writes, for a shop whose columns are called like that. */
  public static Fields defaults() {
    return new Fields(OrderFields.defaults(), InventoryFields.defaults(), PaymentFields.defaults());
  }

  /** The name of the order ID in the records of a role, in value and key. */
  String orderId(Role role) {
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
      String id,
      String version,
      String status,
      String items,
      String sku,
      String quantity,
      String amount,
      String currency) {

    public static OrderFields defaults() {
      return new OrderFields(
          "id", "version", "status", "items", "sku", "quantity", "total", "currency");
    }
  }

  /** Of an inventory update. */
  public record InventoryFields(
      String orderId, String version, String intent, String items, String sku, String quantity) {

    public static InventoryFields defaults() {
      return new InventoryFields("order_id", "version", "intent", "items", "sku", "quantity");
    }
  }

  /** Of a payment update. */
  public record PaymentFields(
      String orderId,
      String version,
      String status,
      String amount,
      String currency,
      String provider,
      String reference) {

    public static PaymentFields defaults() {
      return new PaymentFields(
          "order_id", "version", "status", "amount", "currency", "provider", "reference");
    }
  }
}
