package io.orderflow.source.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.jspecify.annotations.Nullable;

/** Compares values of events with the canonical texts of the shop's own records. */
final class EventValues {

  private static final ObjectMapper JSON = new ObjectMapper();

  private EventValues() {}

  /**
   * Whether an event shows a value.
   *
   * @param expected the canonical text
   */
  static boolean matches(Schema schema, @Nullable Object value, @Nullable String expected) {
    if (value == null || expected == null) {
      return value == null && expected == null;
    }
    if (Decimal.LOGICAL_NAME.equals(schema.name())) {
      return matches(schema, (BigDecimal) value, expected);
    }
    return switch (schema.type()) {
      case ARRAY -> matchesArray(schema.valueSchema(), (List<?>) value, expected);
      case BOOLEAN ->
          expected.equals((Boolean) value ? "t" : "f") || expected.equals(value.toString());
      case FLOAT32 -> ((Float) value).equals(Float.valueOf(expected));
      case FLOAT64 -> ((Double) value).equals(Double.valueOf(expected));
      case BYTES -> HexFormat.of().formatHex((byte[]) value).equals(expected);
      default -> expected.equals(text(value));
    };
  }

  @SuppressWarnings("JavaUtilDate") // Connect's logical types require it.
  private static String text(Object value) {
    return value instanceof Date date ? Long.toString(date.getTime()) : value.toString();
  }

  private static boolean matches(Schema schema, BigDecimal value, String expected) {
    return value.scale() == Integer.parseInt(schema.parameters().get(Decimal.SCALE_FIELD))
        && value.compareTo(new BigDecimal(expected)) == 0;
  }

  private static boolean matchesArray(Schema element, List<?> values, String expected) {
    List<@Nullable String> elements = new ArrayList<>();
    try {
      for (JsonNode node : JSON.readTree(expected)) {
        elements.add(node.isNull() ? null : node.asText());
      }
    } catch (JsonProcessingException e) {
      return false;
    }
    if (elements.size() != values.size()) {
      return false;
    }
    for (int i = 0; i < elements.size(); i++) {
      if (!matches(element, values.get(i), elements.get(i))) {
        return false;
      }
    }
    return true;
  }
}
