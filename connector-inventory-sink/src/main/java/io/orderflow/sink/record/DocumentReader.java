package io.orderflow.sink.record;

import io.orderflow.sink.record.Fields.DocumentFields;
import io.orderflow.sink.update.DocumentIntent;
import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.StockDocument;
import io.orderflow.sink.update.StockItem;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;

/** Reads adjustments, counts, holds and transfers, which are inventory updates without an order. */
record DocumentReader(DocumentFields fields, ItemsReader items) {

  private static final String COUNTED = "the time of the count";

  /**
   * How far the clocks of who counts and of who produces the record may differ. A count as of the
   * future would hide every movement until then.
   */
  private static final Duration CLOCK_DIFFERENCE = Duration.ofMinutes(5);

  private static final String DESTINATION = "the location that the goods are transferred to";

  StockDocument read(Object id, long version, DocumentIntent intent, Row value) {
    TreeMap<StockItem, Effect> effects = new TreeMap<>();
    items.forEach(
        value,
        (row, locationOfAll) -> {
          StockItem item = items.item(row, locationOfAll);
          if (item == null) {
            return;
          }
          long quantity = quantity(row, intent);
          if (intent.isTransfer()) {
            StockItem destination = destination(value, row, item);
            items.add(effects, destination, intent.effectAtDestination(quantity), row);
          }
          items.add(effects, item, intent.effect(quantity), row);
        });
    Instant countedAt = intent == DocumentIntent.COUNT ? countedAt(value) : null;
    if (countedAt == null) {
      effects.values().removeIf(Effect::isNone);
    }
    return new StockDocument(id, version, intent, value.text(fields.reason()), countedAt, effects);
  }

  private long quantity(Row row, DocumentIntent intent) {
    return switch (intent) {
      case ADJUST -> items.difference(row);
      case COUNT -> items.count(row);
      case HOLD, TRANSFER, TRANSFER_RECEIVED -> items.strictQuantity(row);
    };
  }

  /** The time of the count, but none after that of the record, if the clocks differ. */
  private Instant countedAt(Row value) {
    Object found = value.required(fields.countedAt(), COUNTED);
    Instant countedAt;
    try {
      countedAt = PointInTime.of(found);
    } catch (FieldError error) {
      throw value.bad(fields.countedAt(), error);
    }
    Instant produced =
        value.timestamp(
            "the time before which the count took place", "Produce the record with a timestamp.");
    if (countedAt.isAfter(produced.plus(CLOCK_DIFFERENCE))) {
      throw value.bad(
          fields.countedAt(),
          new FieldError(
              COUNTED,
              "a time after that of the record",
              "Send when the count began, with its own offset: a local time is no time in UTC."));
    }
    return countedAt.isAfter(produced) ? produced : countedAt;
  }

  /** Where the goods of an item are to be, by the item itself or by the document. */
  private StockItem destination(Row value, Row row, StockItem from) {
    if (!from.hasLocation()) {
      throw row.bad(
          items.locationField(),
          new FieldError(
              "the location that the goods come from",
              "none",
              "Send it, and set inventory.item.location.field or inventory.location.field to the"
                  + " field's name."));
    }
    String to =
        items.location(
            row,
            fields.itemDestination(),
            items.location(value, fields.destination(), StockItem.NO_LOCATION));
    if (to.isEmpty()) {
      throw row.missing(fields.itemDestination(), DESTINATION);
    }
    if (to.equals(from.location())) {
      throw row.bad(
          fields.itemDestination(),
          new FieldError(
              DESTINATION,
              "the one that they come from",
              "Send two locations, or leave the item out."));
    }
    return items.stocked(row, from.sku(), to);
  }
}
