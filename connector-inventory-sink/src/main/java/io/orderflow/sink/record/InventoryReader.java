package io.orderflow.sink.record;

import io.orderflow.sink.update.DocumentIntent;
import io.orderflow.sink.update.Intent;
import io.orderflow.sink.update.InventoryUpdate;
import io.orderflow.sink.update.Keep;
import io.orderflow.sink.update.Update;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads inventory updates, which contain their intent in capitals. */
record InventoryReader(
    Fields.InventoryFields fields,
    ItemsReader items,
    DocumentReader documents,
    Deadlines deadlines) {

  private static final Map<String, Intent> INTENTS =
      Arrays.stream(Intent.values())
          .collect(Collectors.toUnmodifiableMap(Intent::name, Function.identity()));

  private static final Map<String, DocumentIntent> OF_DOCUMENTS =
      Arrays.stream(DocumentIntent.values())
          .collect(Collectors.toUnmodifiableMap(DocumentIntent::name, Function.identity()));

  InventoryReader(Fields.InventoryFields fields, ItemsReader items, Deadlines deadlines) {
    this(fields, items, new DocumentReader(fields.documents(), items), deadlines);
  }

  List<Update> read(Object orderId, Row value) {
    long version = value.version(fields.version());
    String expected = "an intent";
    String name = value.notEmpty(fields.intent(), expected);
    DocumentIntent ofDocument = OF_DOCUMENTS.get(name);
    if (ofDocument != null) {
      return List.of(documents.read(orderId, version, ofDocument, value));
    }
    Intent intent = INTENTS.get(name);
    if (intent == null) {
      throw value.bad(
          fields.intent(),
          new FieldError(
              expected,
              TypeNames.printable(name),
              "Send RESERVE, RELEASE, SHIP, RECEIVE, RETURN or KEEP, or for a stock document"
                  + " ADJUST, COUNT, HOLD, TRANSFER or TRANSFER_RECEIVED."));
    }
    return List.of(
        intent == Intent.KEEP
            ? new Keep(orderId, version)
            : new InventoryUpdate(
                orderId,
                version,
                intent,
                items.read(value, intent),
                deadlines.ofInventory(value, intent)));
  }
}
