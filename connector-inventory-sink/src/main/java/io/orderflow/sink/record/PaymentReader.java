package io.orderflow.sink.record;

import io.orderflow.sink.record.Amounts.Money;
import io.orderflow.sink.update.PaymentUpdate;
import io.orderflow.sink.update.Update;
import java.util.List;

/**
 * Reads payment updates of orders that have one payment each. All fields but the version and the
 * status may be absent or null.
 */
record PaymentReader(Fields.PaymentFields fields, Amounts amounts) {

  List<Update> read(Object orderId, Row value) {
    Money money = amounts.read(value, fields.amount(), fields.currency());
    return List.of(
        new PaymentUpdate(
            orderId,
            value.version(fields.version()),
            value.notEmpty(fields.status().get(0), "the status of a payment"),
            money.amount(),
            money.currency(),
            value.text(fields.provider()),
            value.reference(fields.reference())));
  }
}
