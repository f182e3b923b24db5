package io.orderflow.source.event;

import io.orderflow.source.schema.OrderIdText;
import java.util.List;

/**
 * An order ID of several columns.
 *
 * @param parts the values of its columns: each a Long, Integer or String
 */
public record CompositeId(List<Object> parts) {

  public CompositeId {
    parts = List.copyOf(parts);
  }

  /** The text form, see {@link OrderIdText}. */
  @Override
  public String toString() {
    return OrderIdText.join(parts.stream().map(Object::toString).toList());
  }
}
