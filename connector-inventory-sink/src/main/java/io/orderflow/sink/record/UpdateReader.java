package io.orderflow.sink.record;

import io.orderflow.common.contract.OrderEvents;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.record.ChangeEvents.Change;
import io.orderflow.sink.update.Deletion;
import io.orderflow.sink.update.Update;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** Reads the updates in records. Safe for use by many threads. */
public final class UpdateReader {

  private static final String RELEASE = "Release the orders of the table with inventory updates";

  private final Roles roles;
  private final OrderReader orders;
  private final InventoryReader inventory;
  private final PaymentReader payments;

  /** Null if payments have no IDs of their own. */
  private final @Nullable OrderPaymentReader orderPayments;

  private final Map<Role, OrderIdReader> orderIds = new EnumMap<>(Role.class);
  private final Map<Role, ChangeEvents> changes = new EnumMap<>(Role.class);

  /**
   * Creates a reader for tables whose order IDs have one type.
   *
   * @param skipped is called for each item that is left out
   */
  public UpdateReader(
      Roles roles,
      Fields fields,
      Statuses statuses,
      ItemRules rules,
      MoneyRules money,
      Deadlines deadlines,
      OrderIdType idType,
      Consumer<ItemRules.Skipped> skipped) {
    this.roles = roles;
    SharedItems shared = new SharedItems();
    this.orders =
        new OrderReader(
            fields.order(),
            new ItemsReader(fields.order().items(), rules, statuses, shared, skipped),
            statuses,
            money.due(),
            deadlines);
    this.inventory =
        new InventoryReader(
            fields.inventory(),
            new ItemsReader(fields.inventory().items(), rules, statuses, shared, skipped),
            deadlines);
    this.payments = new PaymentReader(fields.payment(), money.paid());
    this.orderPayments =
        fields.payment().id().isEmpty() ? null : OrderPaymentReader.of(fields, money, idType);
    for (Role role : Role.values()) {
      orderIds.put(role, new OrderIdReader(fields.orderId(role), role, idType));
      changes.put(role, ChangeEvents.of(fields, role));
    }
  }

  /**
   * Reads the updates in a record.
   *
   * <p>A tombstone of an order or of an inventory update is a {@link Deletion}; its version is in
   * the header {@code orderflow.version}. Without the header the deletion is final: no later event
   * restores the order. A tombstone of a payment update changes nothing, since a payment remains
   * paid when its topic is compacted; that of a payment with an ID of its own deletes it.
   *
   * <p>Debezium's event of a deleted row counts as the tombstone that follows it. Its version is
   * the event's, if the configured version is a field of the event such as {@code source.lsn}, and
   * not a column of the row.
   *
   * @return one update; none for a tombstone of a payment without an ID of its own; two for an
   *     order event with an amount
   * @throws BadRecordException if the record can never be applied
   * @throws org.apache.kafka.connect.errors.ConnectException if its topic has no role
   */
  public List<Update> read(SinkRecord record) {
    Role role = roles.of(record);
    OrderPaymentReader ofOrders = orderPayments;
    if (role == Role.PAYMENT && ofOrders != null) {
      return ofOrders.read(record);
    }
    OrderIdReader orderIdReader = Objects.requireNonNull(orderIds.get(role));
    if (record.value() == null) {
      return role == Role.PAYMENT
          ? List.of()
          : List.of(
              new Deletion(
                  orderIdReader.ofKey(record), DeletionVersion.of(record, Deletion.FINAL)));
    }
    requireNoMarker(record);
    Row value = Row.ofValue(record);
    ChangeEvents events = Objects.requireNonNull(changes.get(role));
    Change change = events.of(value);
    if (change != Change.WRITE && role == Role.PAYMENT) {
      return List.of();
    }
    if (change == Change.TRUNCATE) {
      throw events.truncated(value, RELEASE);
    }
    if (change == Change.DELETE) {
      FieldPath version = events.versionOfEvent();
      long ofEvent = version == null ? Deletion.FINAL : value.version(version);
      return List.of(
          new Deletion(
              orderIdReader.ofDeleted(record, value), DeletionVersion.of(record, ofEvent)));
    }
    Object orderId = orderIdReader.ofValue(record, value);
    return switch (role) {
      case ORDER -> orders.read(orderId, value);
      case INVENTORY -> inventory.read(orderId, value);
      case PAYMENT -> payments.read(orderId, value);
    };
  }

  /** A marker has no items: its order must not lose its stock. */
  private static void requireNoMarker(SinkRecord record) {
    Header kind = record.headers().lastWithName(OrderEvents.KIND_HEADER);
    if (kind != null && OrderEvents.OVERSIZED.equals(kind.value())) {
      throw new FieldError(
              "an order with its items",
              "a marker of an order whose event was too large",
              "Let the orders source emit larger events: event.max.bytes.")
          .at(Coordinates.of(record), "header " + OrderEvents.KIND_HEADER);
    }
  }

  /**
   * The type of order ID that a record suggests for tables that are to be created: bigint for whole
   * numbers, uuid for texts that are UUIDs, text for all others. The value takes precedence over
   * the key.
   *
   * @throws BadRecordException if the record has no order ID
   */
  public static OrderIdType idTypeOf(SinkRecord record, Roles roles, Fields fields) {
    Role role = roles.of(record);
    if (role == Role.PAYMENT && !fields.payment().id().isEmpty()) {
      return OrderPaymentReader.idTypeOf(record, fields);
    }
    Change change =
        record.value() == null
            ? Change.WRITE
            : ChangeEvents.of(fields, role).of(Row.ofValue(record));
    return new OrderIdReader(fields.orderId(role), role, OrderIdType.TEXT).typeOf(record, change);
  }
}
