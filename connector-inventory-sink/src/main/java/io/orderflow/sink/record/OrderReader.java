package io.orderflow.sink.record;

import io.orderflow.sink.update.AmountDue;
import io.orderflow.sink.update.Intent;
import io.orderflow.sink.update.InventoryUpdate;
import io.orderflow.sink.update.Update;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/**
 * Reads order events. An event without an amount does not change the amount due.
 *
 * @param intents by status
 */
record OrderReader(Fields.OrderFields fields, ItemsReader items, Map<String, Intent> intents) {

  OrderReader(Fields.OrderFields fields, Map<String, Intent> intents) {
    this(
        fields,
        new ItemsReader(fields.items(), fields.sku(), fields.quantity()),
        Map.copyOf(intents));
  }

  List<Update> read(Object orderId, Row value) {
    long version = value.version(fields.version());
    Intent intent = intent(value);
    Update inventory = new InventoryUpdate(orderId, version, intent, items.read(value, intent));
    BigDecimal due = value.amount(fields.amount());
    return due == null
        ? List.of(inventory)
        : List.of(
            inventory, new AmountDue(orderId, version, due, value.currency(fields.currency())));
  }

  private Intent intent(Row value) {
    String expected = "a status that has an intent";
    String status = value.notEmpty(fields.status(), expected);
    Intent intent = intents.get(status);
    if (intent == null) {
      throw value.bad(
          fields.status(),
          new FieldError(
              expected,
              TypeNames.printable(status),
              "Add it, spelled the same way, to status.reserve, status.ship, status.release,"
                  + " status.receive or status.return."));
    }
    return intent;
  }
}
