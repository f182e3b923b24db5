package io.orderflow.benchmarks.source.program;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes orders as the orders source does, from the text of their columns. Used by one thread. */
final class OrderJson {

  private static final Field[] ITEM = {
    new Field("order_id", false),
    new Field("line_no", false),
    new Field("sku", true),
    new Field("quantity", false),
    new Field("unit_price", true)
  };
  private static final byte[] ITEMS = bytes(",\"items\":[");

  private final Field[] order;
  private final ByteArrayOutputStream json = new ByteArrayOutputStream(1024);

  /** The beginning of a field in JSON, and whether its value ends with a quote. */
  private static final class Field {
    private final byte[] name;
    private final boolean quoted;

    Field(String name, boolean quoted) {
      this.name = bytes('"' + name + (quoted ? "\":\"" : "\":"));
      this.quoted = quoted;
    }
  }

  private OrderJson(boolean timesAreText) {
    order =
        new Field[] {
          new Field("id", false),
          new Field("customer", true),
          new Field("status", true),
          new Field("total", true),
          new Field("currency", true),
          new Field("created_at", timesAreText),
          new Field("updated_at", timesAreText),
          new Field("version", false)
        };
  }

  static OrderJson withTimesAsText() {
    return new OrderJson(true);
  }

  static OrderJson withTimesAsMillis() {
    return new OrderJson(false);
  }

  byte[] write(byte[][] row, List<byte[][]> items) {
    json.reset();
    fields(order, row);
    json.writeBytes(ITEMS);
    for (int i = 0; i < items.size(); i++) {
      if (i > 0) {
        json.write(',');
      }
      fields(ITEM, items.get(i));
      json.write('}');
    }
    json.write(']');
    json.write('}');
    return json.toByteArray();
  }

  private void fields(Field[] fields, byte[][] values) {
    for (int i = 0; i < fields.length; i++) {
      json.write(i == 0 ? '{' : ',');
      json.writeBytes(fields[i].name);
      json.writeBytes(values[i]);
      if (fields[i].quoted) {
        json.write('"');
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
