package io.orderflow.sink.record;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.update.Deletion;
import io.orderflow.sink.update.Intent;
import io.orderflow.sink.update.Update;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.sink.SinkRecord;

/** Makes updates of records. Holds no state, so any thread may use it. */
public final class UpdateReader {

  private final Roles roles;
  private final OrderReader orders;
  private final InventoryReader inventory;
  private final PaymentReader payments;
  private final Map<Role, OrderIdReader> orderIds = new EnumMap<>(Role.class);

  /**
   * A reader for tables whose order IDs are of one type.
   *
   * @param intents by status of an order event, written exactly as in the event; a status that is
   *     to have no effect on stock, such as a draft's, has the intent RELEASE
   */
  public UpdateReader(Roles roles, Fields fields, Map<String, Intent> intents, OrderIdType idType) {
    this.roles = roles;
    this.orders = new OrderReader(fields.order(), intents);
    this.inventory = new InventoryReader(fields.inventory());
    this.payments = new PaymentReader(fields.payment());
    for (Role role : Role.values()) {
      orderIds.put(role, new OrderIdReader(fields.orderId(role), idType));
    }
  }

  /**
   * What a record asks of the warehouse.
   *
   * <p>A tombstone of an order or of an inventory update is a {@link Deletion}; its version is in
   * the header {@code orderflow.version}, and without the header the deletion is final: no later
   * event brings this order ID back. A tombstone of a payment update changes nothing, for what was
   * paid stays paid when a topic is compacted.
   *
   * @return in general one; none for a tombstone of a payment; two for an order event with an
   *     amount
   * @throws BadRecordException if the record can never be applied
   * @throws org.apache.kafka.connect.errors.ConnectException if its topic has no role
   */
  public List<Update> read(SinkRecord record) {
    Role role = roles.of(record);
    OrderIdReader orderIdReader = Objects.requireNonNull(orderIds.get(role));
    if (record.value() == null) {
      return role == Role.PAYMENT
          ? List.of()
          : List.of(Tombstones.read(orderIdReader.ofKey(record), record));
    }
    Row value = Row.ofValue(record);
    Object orderId = orderIdReader.ofValue(record, value);
    return switch (role) {
      case ORDER -> orders.read(orderId, value);
      case INVENTORY -> inventory.read(orderId, value);
      case PAYMENT -> payments.read(orderId, value);
    };
  }

  /**
   * The type of order ID that a record suggests, for tables that are still to be created: whole
   * numbers make a bigint, texts that are UUIDs a uuid, other texts a text. The value counts before
   * the key.
   *
   * @throws BadRecordException if there is no order ID in it
   */
  public static OrderIdType idTypeOf(SinkRecord record, Roles roles, Fields fields) {
    return OrderIdReader.typeOf(record, fields.orderId(roles.of(record)));
  }
}
