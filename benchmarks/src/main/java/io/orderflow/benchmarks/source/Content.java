package io.orderflow.benchmarks.source;

import static io.orderflow.benchmarks.measure.WrongContentException.expect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.BitSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What a contestant's topics must hold, and whether they do. Used by one thread. */
interface Content {

  /** How many records that are. */
  long records();

  /**
   * Looks at a committed record.
   *
   * @throws io.orderflow.benchmarks.measure.WrongContentException if it is not as it should be
   */
  void take(ConsumerRecord<byte[], byte[]> record);

  /** Whether all was there, once. */
  void check();

  /** Each order once, with its items in it. */
  static Content wholeOrders(int orders) {
    return new Orders(orders, true, "");
  }

  /** Each row of the orders table once, below {@code after} in a change event. */
  static Content orderRows(int orders) {
    return new Orders(orders, false, "/after");
  }

  /** Each row of both tables once, below {@code after} in a change event. */
  static Content rows(int orders) {
    return new Orders(orders, true, "/after");
  }

  /** So many records, of whatever content. */
  static Content counted(int records) {
    return new Content() {
      private long found;

      @Override
      public long records() {
        return records;
      }

      @Override
      public void take(ConsumerRecord<byte[], byte[]> record) {
        found++;
      }

      @Override
      public void check() {
        expect("records", (long) records, found);
      }
    };
  }

  /** Orders and, inside of them or as events of their own, items. */
  final class Orders implements Content {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final int orders;
    private final boolean withItems;
    private final String pointer;
    private final BitSet seen = new BitSet();
    private final BitSet seenItems = new BitSet();

    private Orders(int orders, boolean withItems, String pointer) {
      this.orders = orders;
      this.withItems = withItems;
      this.pointer = pointer;
    }

    @Override
    public long records() {
      return orders + (withItems && !pointer.isEmpty() ? ShopOrders.linesUpTo(orders) : 0);
    }

    @Override
    public void take(ConsumerRecord<byte[], byte[]> record) {
      JsonNode row = row(record);
      if (row.has("line_no")) {
        takeItem(row);
        return;
      }
      long id = ShopOrders.checkOrder(row);
      expect("once order " + id, false, seen.get((int) id));
      seen.set((int) id);
      if (withItems && pointer.isEmpty()) {
        expect("items in order " + id, ShopOrders.lines(id), row.path("items").size());
        row.path("items").forEach(item -> expect("owner of item", id, owner(item)));
      }
    }

    private JsonNode row(ConsumerRecord<byte[], byte[]> record) {
      try {
        return JSON.readTree(record.value()).at(pointer);
      } catch (IOException e) {
        throw new UncheckedIOException("Expected JSON in " + record.topic(), e);
      }
    }

    private long owner(JsonNode item) {
      takeItem(item);
      return item.path("order_id").asLong();
    }

    private void takeItem(JsonNode item) {
      int place = (int) ShopOrders.checkItem(item);
      expect("once the item at " + place, false, seenItems.get(place));
      seenItems.set(place);
    }

    @Override
    public void check() {
      expect("orders", orders, seen.cardinality());
      expect("last order", orders, seen.length() - 1);
      expect(
          "items", withItems ? ShopOrders.linesUpTo(orders) : 0L, (long) seenItems.cardinality());
    }
  }
}
