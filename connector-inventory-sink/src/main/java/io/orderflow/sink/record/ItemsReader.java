package io.orderflow.sink.record;

import io.orderflow.sink.record.Fields.ItemFields;
import io.orderflow.sink.record.ItemRules.Skipped;
import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.Intent;
import io.orderflow.sink.update.StockItem;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the effects of an order's items on stock, by SKU, in the smallest step of a quantity. The
 * array may be empty, but the field must exist. Only what has an effect is checked: lines of a
 * cancelled order often have neither a quantity nor an SKU any more, and it must release its stock
 * all the same.
 *
 * @param statuses of items
 * @param shared of all records
 * @param skipped is called for each item that is left out
 */
record ItemsReader(
    ItemFields fields,
    ItemRules rules,
    Statuses statuses,
    SharedItems shared,
    Consumer<Skipped> skipped) {

  /**
   * In one record. An order's row contains its items, and a row of PostgreSQL has at most 1 GB;
   * this many SKUs of {@link TextFields#MAX_BYTES} bytes are a quarter of that.
   */
  private static final int MAX_ITEMS = 100_000;

  /**
   * Of an SKU with its location, which are one key: one byte less than a single text, its header.
   */
  private static final int MAX_KEY_BYTES = TextFields.MAX_BYTES - 1;

  /** A longer text has a header of four bytes in an index, and is aligned. */
  private static final int MAX_LOCATION_BYTES = 126;

  /**
   * Reads the items.
   *
   * @param intent of the order
   */
  SortedMap<StockItem, Effect> read(Row value, Intent intent) {
    if (!intent.movesStock() && !fields.haveProgress()) {
      return Collections.emptySortedMap();
    }
    TreeMap<StockItem, Effect> effects = new TreeMap<>();
    forEach(value, (item, location) -> add(item, intent, location, effects));
    effects.values().removeIf(Effect::isNone);
    return effects;
  }

  /** Reads the array, and passes each item with the location of all. */
  void forEach(Row value, BiConsumer<Row, String> reader) {
    List<?> elements = value.items(fields.items());
    if (elements.size() > MAX_ITEMS) {
      throw value.bad(
          fields.items(),
          new FieldError("at most " + MAX_ITEMS + " items", "more", "Split the order."));
    }
    String location = location(value, fields.locationOfAll(), StockItem.NO_LOCATION);
    for (int i = 0; i < elements.size(); i++) {
      reader.accept(value.item(fields.items(), i, elements.get(i)), location);
    }
  }

  private void add(
      Row item, Intent ofOrder, String locationOfAll, TreeMap<StockItem, Effect> effects) {
    Effect effect = effect(item, intent(item, ofOrder));
    if (effect.isNone()) {
      return;
    }
    StockItem stocked = item(item, locationOfAll);
    if (stocked != null) {
      add(effects, stocked, effect, item);
    }
  }

  /** Adds the effect of an item to those of the others. */
  void add(TreeMap<StockItem, Effect> effects, StockItem stocked, Effect effect, Row item) {
    Effect known = effects.put(stocked, effect);
    if (known != null) {
      effects.put(stocked, sum(known, effect, item));
    }
  }

  /** The SKU of an item with its location; null if the item is to be left out. */
  @Nullable StockItem item(Row item, String locationOfAll) {
    String sku = sku(item);
    if (sku == null) {
      skipped.accept(Skipped.NO_SKU);
      return null;
    }
    return stocked(item, sku, location(item, fields.location(), locationOfAll));
  }

  /** A quantity of more than 0, whatever the settings allow to orders. */
  long strictQuantity(Row item) {
    return item.quantity(fields.quantity(), rules.scale());
  }

  /** A quantity of 0 or more. */
  long count(Row item) {
    long count = item.anyQuantity(fields.quantity(), rules.scale());
    if (count < 0) {
      throw item.bad(
          fields.quantity(),
          new FieldError(
              "a quantity of 0 or more",
              "a negative number",
              "Send what was counted, or use ADJUST for a difference."));
    }
    return count;
  }

  /** A quantity that may be negative. */
  long difference(Row item) {
    long difference = item.anyQuantity(fields.quantity(), rules.scale());
    if (difference == Long.MIN_VALUE) {
      throw item.bad(
          fields.quantity(),
          new FieldError("a quantity of at least -(2^63 - 1)", "less", "Correct the quantity."));
    }
    return difference;
  }

  /** The field to be named if an item has no location. */
  FieldPath locationField() {
    FieldPath own = fields.location();
    FieldPath ofAll = fields.locationOfAll();
    return own != null ? own : ofAll != null ? ofAll : FieldPath.of("location");
  }

  /**
   * The intent of an item: that of its own status, if it has one, except that the order's status
   * decides about an item that would only be reserved, which a cancelled order must not be.
   */
  private Intent intent(Row item, Intent ofOrder) {
    FieldPath status = fields.status();
    if (status == null) {
      return ofOrder;
    }
    String found = Statuses.text(item, status);
    if (found.equals(Statuses.NULL) || found.equals(Statuses.EMPTY)) {
      return ofOrder;
    }
    Intent own = statuses.intents().get(found);
    if (own == null) {
      throw item.bad(status, OrderReader.unknown(TypeNames.printable(found)));
    }
    return own == Intent.KEEP || own == Intent.RESERVE ? ofOrder : own;
  }

  private Effect effect(Row item, Intent intent) {
    if (intent == Intent.RECEIVE) {
      return intent.effect(quantity(item));
    }
    if (rules.skipsWithoutQuantity() && isNegative(item)) {
      skipped.accept(Skipped.NO_QUANTITY);
      return Effect.NONE;
    }
    Long knownShipped = progress(item, fields.shipped());
    Long knownReturned = progress(item, fields.returned());
    boolean allShipped =
        knownShipped == null
            && (intent == Intent.SHIP || (intent == Intent.RETURN && knownReturned != null));
    long ordered = intent == Intent.RESERVE || allShipped ? quantity(item) : 0;
    long shipped = knownShipped != null ? knownShipped : allShipped ? ordered : 0;
    long returned =
        shipped == 0
            ? 0
            : knownReturned != null ? knownReturned : intent == Intent.RETURN ? shipped : 0;
    if (fields.returned() != null && returned > shipped) {
      throw item.bad(
          fields.returned(),
          new FieldError(
              "at most the shipped quantity", "more", "Correct the item's returned quantity."));
    }
    long reserved = intent == Intent.RESERVE ? Math.max(0, ordered - shipped) : 0;
    return new Effect(reserved, returned - shipped);
  }

  /** Whether the item takes back what another sold, so that its progress is negative as well. */
  private boolean isNegative(Row item) {
    return (isNegative(item, fields.shipped()) || isNegative(item, fields.returned()))
        && isNegative(item, fields.quantity());
  }

  private boolean isNegative(Row item, @Nullable FieldPath field) {
    return field != null && item.find(field) != null && item.anyQuantity(field, rules.scale()) < 0;
  }

  /** The ordered quantity; 0 if the item is to be left out. */
  private long quantity(Row item) {
    Long defaultQuantity = rules.defaultQuantity();
    if (defaultQuantity != null && item.find(fields.quantity()) == null) {
      return defaultQuantity;
    }
    if (!rules.skipsWithoutQuantity()) {
      return item.quantity(fields.quantity(), rules.scale());
    }
    long quantity = item.anyQuantity(fields.quantity(), rules.scale());
    if (quantity <= 0) {
      skipped.accept(Skipped.NO_QUANTITY);
      return 0;
    }
    return quantity;
  }

  /** A cumulative quantity of 0 or more; null if it is not known. */
  private @Nullable Long progress(Row item, @Nullable FieldPath field) {
    if (field == null || item.find(field) == null) {
      return null;
    }
    long quantity = item.anyQuantity(field, rules.scale());
    if (quantity < 0) {
      throw item.bad(
          field,
          new FieldError(
              "a quantity of 0 or more",
              "a negative number",
              "Send the sum of what was shipped or returned so far."));
    }
    return quantity;
  }

  /** The first SKU that is present; null if the item is to be left out. */
  private @Nullable String sku(Row item) {
    for (FieldPath field : fields.sku()) {
      Object found = item.find(field);
      if (found != null && !"".equals(found)) {
        return item.identifier(field, "an SKU");
      }
    }
    return rules.skipsWithoutSku() ? null : item.identifier(fields.sku().get(0), "an SKU");
  }

  /** The location that a field names, or the other one if it names none. */
  String location(Row row, @Nullable FieldPath field, String otherwise) {
    Object found = field == null ? null : row.find(field);
    if (field == null || found == null || "".equals(found)) {
      return otherwise;
    }
    String location = row.identifier(field, "a location");
    if (location.getBytes(StandardCharsets.UTF_8).length > MAX_LOCATION_BYTES) {
      throw row.bad(
          field, tooLong("a location", MAX_LOCATION_BYTES, "Send the short name or the ID of it."));
    }
    return location;
  }

  StockItem stocked(Row item, String sku, String location) {
    StockItem known = shared.find(sku, location);
    if (known != null) {
      return known;
    }
    if (TextFields.bytes(location.isEmpty() ? sku : sku + location) > MAX_KEY_BYTES) {
      throw item.bad(
          fields.sku().get(0),
          tooLong(
              location.isEmpty() ? "an SKU" : "an SKU that with its location is short enough",
              MAX_KEY_BYTES,
              "Shorten it: an index of PostgreSQL cannot hold more."));
    }
    return shared.add(new StockItem(sku, location));
  }

  private static FieldError tooLong(String expected, int bytes, String remedy) {
    return new FieldError(expected, "text of more than " + bytes + " bytes in UTF-8", remedy);
  }

  private Effect sum(Effect known, Effect effect, Row item) {
    try {
      return known.plus(effect);
    } catch (ArithmeticException beyondLong) {
      throw item.bad(
          fields.quantity(),
          new FieldError(
              "quantities of one SKU that add up to at most " + Quantity.max(rules.scale()),
              "more",
              "Correct the quantities."));
    }
  }
}
