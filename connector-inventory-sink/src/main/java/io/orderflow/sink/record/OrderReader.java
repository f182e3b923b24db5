package io.orderflow.sink.record;

import io.orderflow.sink.record.Amounts.Money;
import io.orderflow.sink.update.AmountDue;
import io.orderflow.sink.update.Intent;
import io.orderflow.sink.update.InventoryUpdate;
import io.orderflow.sink.update.Keep;
import io.orderflow.sink.update.Update;
import java.math.BigDecimal;
import java.util.List;

/** Reads order events. An event without an amount does not change the amount due. */
record OrderReader(
    Fields.OrderFields fields,
    ItemsReader items,
    Statuses statuses,
    Amounts amounts,
    Deadlines deadlines) {

  private static final String EXPECTED = "a status that has an intent";

  List<Update> read(Object orderId, Row value) {
    long version = value.version(fields.version());
    Intent intent = intent(value);
    Update inventory =
        intent == Intent.KEEP
            ? new Keep(orderId, version)
            : new InventoryUpdate(
                orderId,
                version,
                intent,
                items.read(value, intent),
                deadlines.ofOrder(value, intent, fields.status(), statuses));
    Money money = amounts.readIfAny(value, fields.amount(), fields.currency());
    BigDecimal due = money.amount();
    return due == null
        ? List.of(inventory)
        : List.of(inventory, new AmountDue(orderId, version, due, money.currency()));
  }

  /** The intent of the first field whose status has one. */
  private Intent intent(Row value) {
    for (FieldPath field : fields.status()) {
      Intent intent = statuses.of(value, field);
      if (intent != null) {
        return intent;
      }
    }
    Intent otherwise = statuses.otherwise();
    if (otherwise == null) {
      throw Statuses.unmapped(value, fields.status(), EXPECTED, OrderReader::unknown);
    }
    return otherwise;
  }

  static FieldError unknown(String found) {
    return new FieldError(
        EXPECTED,
        found,
        "Add it, spelled the same way, to status.reserve, status.ship, status.release,"
            + " status.receive, status.return or status.keep, or set status.otherwise.");
  }
}
