package io.orderflow.benchmarks.source;

import static io.orderflow.benchmarks.measure.WrongContentException.expect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.BitSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The expected content of a contestant's topics, and its check. Used by one thread. */
final class Content {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Form form;
  private final int orders;
  private final BitSet seen = new BitSet();
  private final BitSet seenItems = new BitSet();
  private long taken;

  /** The records of an order. */
  enum Form {
    /** One, with its items in it. */
    WHOLE_ORDERS,
    /** A change event for each row of both tables. */
    ROWS,
    /** A change event for the row of the orders table. */
    ORDER_ROWS,
    /** One of any content. */
    COUNTED;

    /** The number of records of one order. */
    int recordsOf(long order) {
      return 1 + (this == ROWS ? ShopOrders.lines(order) : 0);
    }
  }

  Content(Form form, int orders) {
    this.form = form;
    this.orders = orders;
  }

  /** The number of records. */
  long records() {
    return orders + (form == Form.ROWS ? ShopOrders.linesUpTo(orders) : 0);
  }

  /**
   * Checks a committed record.
   *
   * @throws io.orderflow.benchmarks.measure.WrongContentException if it is not as expected
   */
  void take(ConsumerRecord<byte[], byte[]> record) {
    taken++;
    if (form == Form.COUNTED) {
      return;
    }
    JsonNode row = row(record);
    if (row.has("line_no")) {
      takeItem(row);
      return;
    }
    long id = ShopOrders.checkOrder(row);
    expect("once order " + id, false, seen.get((int) id));
    seen.set((int) id);
    if (form == Form.WHOLE_ORDERS) {
      expect("items in order " + id, ShopOrders.lines(id), row.path("items").size());
      for (JsonNode item : row.path("items")) {
        takeItem(item);
        expect("order of the item", id, item.path("order_id").asLong());
      }
    }
  }

  private JsonNode row(ConsumerRecord<byte[], byte[]> record) {
    try {
      JsonNode value = JSON.readTree(record.value());
      return form == Form.WHOLE_ORDERS ? value : value.path("after");
    } catch (IOException e) {
      throw new UncheckedIOException("No JSON in " + record.topic(), e);
    }
  }

  private void takeItem(JsonNode item) {
    int place = (int) ShopOrders.checkItem(item);
    expect("once the item at " + place, false, seenItems.get(place));
    seenItems.set(place);
  }

  /** Checks that everything was there, once. */
  void check() {
    if (form == Form.COUNTED) {
      expect("records", (long) orders, taken);
      return;
    }
    expect("orders", orders, seen.cardinality());
    expect("last order", orders, seen.length() - 1);
    expect(
        "items",
        form == Form.ORDER_ROWS ? 0L : ShopOrders.linesUpTo(orders),
        (long) seenItems.cardinality());
  }
}
