package io.orderflow.source.value;

import io.orderflow.source.event.CompositeId;
import io.orderflow.source.event.OrderKey;
import io.orderflow.source.schema.Column;
import io.orderflow.source.schema.OrderIdText;
import io.orderflow.source.schema.OrderSchema;
import java.util.ArrayList;
import java.util.List;

/** Reads order IDs, as events have them, from their text. */
public final class OrderIdReader {

  private final List<TextReader> parts;

  /** A reader for the order ID's columns of a schema. */
  public OrderIdReader(OrderSchema schema) {
    parts = schema.idColumns().stream().map(Column::type).map(TextReader::of).toList();
  }

  /**
   * The order ID of a text, see {@link OrderIdText}.
   *
   * @throws UnreadableValueException if a part is not of its column's type
   */
  public Object read(String text) {
    if (parts.size() == 1) {
      return OrderKey.idOf(parts.get(0).read(text));
    }
    List<String> texts = OrderIdText.split(text, parts.size());
    List<Object> values = new ArrayList<>(parts.size());
    for (int i = 0; i < parts.size(); i++) {
      values.add(OrderKey.idOf(parts.get(i).read(texts.get(i))));
    }
    return new CompositeId(values);
  }

  /** Whether a text can be read, since it was logged under this schema of the order ID. */
  public boolean canRead(String text) {
    try {
      read(text);
      return true;
    } catch (UnreadableValueException e) {
      return false;
    }
  }
}
