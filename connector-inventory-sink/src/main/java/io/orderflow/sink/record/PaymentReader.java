package io.orderflow.sink.record;

import io.orderflow.sink.update.PaymentUpdate;
import io.orderflow.sink.update.Update;
import java.util.List;

/** Reads payment updates. All fields but the version and the status may be absent or null. */
record PaymentReader(Fields.PaymentFields fields) {

  List<Update> read(Object orderId, Row value) {
    return List.of(
        new PaymentUpdate(
            orderId,
            value.version(fields.version()),
            value.notEmpty(fields.status(), "the status of a payment"),
            value.amount(fields.amount()),
            value.currency(fields.currency()),
            value.text(fields.provider()),
            value.reference(fields.reference())));
  }
}
