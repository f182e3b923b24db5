package io.orderflow.sink.record;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.record.Amounts.Money;
import io.orderflow.sink.record.ChangeEvents.Change;
import io.orderflow.sink.record.Fields.PaymentFields;
import io.orderflow.sink.update.Deletion;
import io.orderflow.sink.update.OrderPayment;
import io.orderflow.sink.update.PaymentState;
import io.orderflow.sink.update.Update;
import java.math.BigDecimal;
import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads payments that have IDs of their own. The order ID must be in the value, where it may be
 * null: a payment can belong to an order later.
 */
record OrderPaymentReader(
    PaymentFields fields,
    MoneyRules rules,
    PaymentIdReader ids,
    OrderIdReader orderIds,
    ChangeEvents changes) {

  private static final String EXPECTED_STATUS = "a status of a payment";
  private static final String DELETE_EACH = "Send a tombstone of each payment of the table";
  private static final String EXPECTED_AMOUNT = "an amount";

  /** The field whose status decides, with its state. */
  private record Found(FieldPath field, PaymentState state) {}

  static OrderPaymentReader of(Fields fields, MoneyRules rules, OrderIdType idType) {
    return new OrderPaymentReader(
        fields.payment(),
        rules,
        new PaymentIdReader(fields.payment().id(), rules.deletions()),
        new OrderIdReader(fields.orderId(Role.PAYMENT), Role.PAYMENT, idType),
        ChangeEvents.of(fields, Role.PAYMENT));
  }

  /**
   * Reads the payment in a record.
   *
   * @return none for a deletion that is ignored
   * @throws BadRecordException if the record can never be applied
   */
  List<Update> read(SinkRecord record) {
    if (record.value() == null) {
      return rules.deletions()
          ? List.of(deleted(record, ids.ofKey(record), Deletion.FINAL))
          : List.of();
    }
    Row value = Row.ofValue(record);
    Change change = changes.of(value);
    if (change != Change.WRITE && !rules.deletions()) {
      return List.of();
    }
    return switch (change) {
      case WRITE -> List.of(payment(record, value));
      case DELETE -> {
        FieldPath version = changes.versionOfEvent();
        long ofEvent = version == null ? Deletion.FINAL : value.version(version);
        yield List.of(deleted(record, ids.ofDeleted(record, value), ofEvent));
      }
      case TRUNCATE -> throw changes.truncated(value, DELETE_EACH);
    };
  }

  private static OrderPayment deleted(SinkRecord record, String paymentId, long withoutHeader) {
    return OrderPayment.deleted(paymentId, DeletionVersion.of(record, withoutHeader));
  }

  private OrderPayment payment(SinkRecord record, Row value) {
    Found found = state(value);
    Money money = rules.paid().read(value, fields.amount(), fields.currency());
    BigDecimal amount = money.amount();
    PaymentState state = found.state();
    if (amount == null && state.movesMoney()) {
      throw value.missing(fields.amount(), EXPECTED_AMOUNT);
    }
    BigDecimal moved = amount == null ? BigDecimal.ZERO : amount;
    return new OrderPayment(
        ids.ofValue(record, value),
        value.version(fields.version()),
        orderIds.ofOwnPayment(value),
        state,
        status(value, found.field()),
        amount,
        state.paid(moved),
        state.refunded(moved).add(refundedSoFar(value, state, money.currency())),
        money.currency(),
        value.text(fields.provider()),
        value.reference(fields.reference()));
  }

  /** What has been given back of a payment, according to its own record. */
  private BigDecimal refundedSoFar(Row value, PaymentState state, @Nullable String currency) {
    FieldPath field = fields.refunded();
    if (field == null || state != PaymentState.PAID) {
      return BigDecimal.ZERO;
    }
    BigDecimal refunded = rules.paid().amount(value, field, fields.currency(), currency);
    if (refunded == null) {
      return BigDecimal.ZERO;
    }
    if (refunded.signum() < 0) {
      throw value.bad(
          field,
          new FieldError(
              "an amount of 0 or more", "a negative number", "Send the amount without a sign."));
    }
    return refunded;
  }

  /** The state of the first field whose status is mapped. */
  private Found state(Row value) {
    for (FieldPath field : fields.status()) {
      PaymentState state = rules.statuses().states().get(Statuses.text(value, field));
      if (state != null) {
        return new Found(field, state);
      }
    }
    PaymentState otherwise = rules.statuses().otherwise();
    if (otherwise == null) {
      throw Statuses.unmapped(value, fields.status(), EXPECTED_STATUS, OrderPaymentReader::unknown);
    }
    return new Found(fields.status().get(0), otherwise);
  }

  private static FieldError unknown(String found) {
    return new FieldError(
        EXPECTED_STATUS,
        found,
        "Add it, spelled the same way, to payment.status.paid, payment.status.refunded,"
            + " payment.status.reversed or payment.status.failed, or set"
            + " payment.status.otherwise.");
  }

  /** The status to store: null is stored as null. */
  private static @Nullable String status(Row value, FieldPath field) {
    String status = Statuses.text(value, field);
    if (status.equals(Statuses.NULL) && value.find(field) == null) {
      return null;
    }
    try {
      return status.equals(Statuses.EMPTY) ? "" : TextFields.of(status, EXPECTED_STATUS);
    } catch (FieldError error) {
      throw value.bad(field, error);
    }
  }

  /** The type of order ID that a payment suggests. Its key may be another ID. */
  static OrderIdType idTypeOf(SinkRecord record, Fields fields) {
    FieldPath field = fields.orderId(Role.PAYMENT);
    if (record.value() == null) {
      throw new FieldError("an order ID", "null", "Tombstones of payments have none.")
          .at(Coordinates.of(record), "value");
    }
    Row value = Row.ofValue(record);
    Object found = value.peek(field);
    if (found == null) {
      throw value.missing(field, "an order ID");
    }
    try {
      return OrderIds.typeOf(found);
    } catch (FieldError error) {
      throw value.bad(field, error);
    }
  }
}
