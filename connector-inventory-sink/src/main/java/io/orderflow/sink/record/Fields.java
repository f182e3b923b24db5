package io.orderflow.sink.record;

import java.util.List;
import org.jspecify.annotations.Nullable;

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

  /** The path of the first status, or of the intent, in the values of a role. */
  FieldPath status(Role role) {
    return switch (role) {
      case ORDER -> order.status().get(0);
      case INVENTORY -> inventory.intent();
      case PAYMENT -> payment.status().get(0);
    };
  }

  /**
   * The fields of items. All but the array and the location for all are in an item.
   *
   * @param items the array
   * @param sku the first that is present is the SKU
   * @param shipped the quantity that has left the warehouse so far; null if events have no such
   *     field
   * @param returned the quantity that has come back so far; null if events have no such field
   * @param status of the item alone; null if events have no such field
   * @param location of the item alone; null if events have no such field
   * @param locationOfAll of the record, for its items without one; null if events have no such
   *     field
   */
  public record ItemFields(
      FieldPath items,
      List<FieldPath> sku,
      FieldPath quantity,
      @Nullable FieldPath shipped,
      @Nullable FieldPath returned,
      @Nullable FieldPath status,
      @Nullable FieldPath location,
      @Nullable FieldPath locationOfAll) {

    public ItemFields {
      sku = List.copyOf(sku);
    }

    /** Fields of items that have an SKU and a quantity. */
    public static ItemFields of(FieldPath items, FieldPath sku, FieldPath quantity) {
      return new ItemFields(items, List.of(sku), quantity, null, null, null, null, null);
    }

    /** Whether items can have an effect that their order's intent alone does not have. */
    boolean haveProgress() {
      return shipped != null || returned != null || status != null;
    }
  }

  /**
   * The fields of an order event.
   *
   * @param status the first with an intent decides
   * @param amount a record without this field changes no amount due
   */
  public record OrderFields(
      FieldPath id,
      FieldPath version,
      List<FieldPath> status,
      ItemFields items,
      FieldPath amount,
      FieldPath currency) {

    public OrderFields {
      status = List.copyOf(status);
    }

    public static OrderFields defaults() {
      return new OrderFields(
          FieldPath.of("id"),
          FieldPath.of("version"),
          List.of(FieldPath.of("status")),
          ItemFields.of(FieldPath.of("items"), FieldPath.of("sku"), FieldPath.of("quantity")),
          FieldPath.of("total"),
          FieldPath.of("currency"));
    }
  }

  /**
   * The fields that only stock documents have.
   *
   * @param reason as text
   * @param countedAt the time of a COUNT
   * @param itemDestination of an item: where it is transferred to
   * @param destination of the record, for its items without one
   */
  public record DocumentFields(
      FieldPath reason, FieldPath countedAt, FieldPath itemDestination, FieldPath destination) {

    public static DocumentFields defaults() {
      return new DocumentFields(
          FieldPath.of("reason"),
          FieldPath.of("counted_at"),
          FieldPath.of("to_location"),
          FieldPath.of("to_location"));
    }
  }

  /** The fields of an inventory update. */
  public record InventoryFields(
      FieldPath orderId,
      FieldPath version,
      FieldPath intent,
      ItemFields items,
      DocumentFields documents) {

    public static InventoryFields defaults() {
      return new InventoryFields(
          FieldPath.of("order_id"),
          FieldPath.of("version"),
          FieldPath.of("intent"),
          ItemFields.of(FieldPath.of("items"), FieldPath.of("sku"), FieldPath.of("quantity")),
          DocumentFields.defaults());
    }
  }

  /**
   * The fields of a payment update.
   *
   * @param orderId of the order that the payment belongs to
   * @param id the fields that together are the payment's own ID; empty if each order has one
   *     payment
   * @param status the first that is mapped decides; without an ID of its own, the first is stored
   * @param refunded the amount of this payment that has been given back so far; null if records
   *     have no such field
   */
  public record PaymentFields(
      FieldPath orderId,
      List<FieldPath> id,
      FieldPath version,
      List<FieldPath> status,
      FieldPath amount,
      @Nullable FieldPath refunded,
      FieldPath currency,
      FieldPath provider,
      FieldPath reference) {

    public PaymentFields {
      id = List.copyOf(id);
      status = List.copyOf(status);
    }

    /** Fields of payments without IDs of their own. */
    public static PaymentFields defaults() {
      return new PaymentFields(
          FieldPath.of("order_id"),
          List.of(),
          FieldPath.of("version"),
          List.of(FieldPath.of("status")),
          FieldPath.of("amount"),
          null,
          FieldPath.of("currency"),
          FieldPath.of("provider"),
          FieldPath.of("reference"));
    }
  }
}
