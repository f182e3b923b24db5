package io.orderflow.benchmarks.source.program;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
  private byte[] json = new byte[1024];
  private int length;

  /** A column's name as it is in JSON, and whether its value has quotes. */
  private static final class Field {
    private final byte[] name;
    private final boolean quoted;

    Field(String name, boolean quoted) {
      this.name = bytes('"' + name + "\":");
      this.quoted = quoted;
    }
  }

  /**
   * For one kind of reading.
   *
   * @param timesAreText rather than milliseconds
   */
  OrderJson(boolean timesAreText) {
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

  byte[] write(byte[][] row, List<byte[][]> items) {
    length = 0;
    fields(order, row);
    append(ITEMS);
    for (int i = 0; i < items.size(); i++) {
      if (i > 0) {
        append((byte) ',');
      }
      fields(ITEM, items.get(i));
      append((byte) '}');
    }
    append((byte) ']');
    append((byte) '}');
    return Arrays.copyOf(json, length);
  }

  private void fields(Field[] fields, byte[][] values) {
    for (int i = 0; i < fields.length; i++) {
      append((byte) (i == 0 ? '{' : ','));
      append(fields[i].name);
      if (fields[i].quoted) {
        append((byte) '"');
        append(values[i]);
        append((byte) '"');
      } else {
        append(values[i]);
      }
    }
  }

  private void append(byte[] more) {
    if (length + more.length > json.length) {
      json = Arrays.copyOf(json, 2 * (length + more.length));
    }
    System.arraycopy(more, 0, json, length, more.length);
    length += more.length;
  }

  private void append(byte one) {
    if (length == json.length) {
      json = Arrays.copyOf(json, 2 * length);
    }
    json[length++] = one;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
