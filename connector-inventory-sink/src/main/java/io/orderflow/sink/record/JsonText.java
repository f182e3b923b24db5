package io.orderflow.sink.record;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Parses JSON in a text, such as a json column that Debezium writes as a string. Numbers with a
 * fraction become decimals and keep all digits.
 */
final class JsonText {

  /** Its default limits keep a malicious text from filling the memory or the stack. */
  private static final JsonFactory FACTORY = new JsonFactory();

  private JsonText() {}

  /**
   * The content of a text: a list, a map, text, a number, a boolean or null; null also if the text
   * is not one JSON value.
   */
  static @Nullable Object parse(String text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      parser.nextToken();
      Object content = content(parser);
      return parser.nextToken() == null ? content : null;
    } catch (IOException notJson) {
      // Its message repeats the text.
      return null;
    }
  }

  private static @Nullable Object content(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      return null;
    }
    return switch (token) {
      case START_ARRAY -> list(parser);
      case START_OBJECT -> map(parser);
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> parser.getNumberValue();
      case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }

  private static List<@Nullable Object> list(JsonParser parser) throws IOException {
    List<@Nullable Object> list = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      list.add(content(parser));
    }
    return list;
  }

  private static Map<String, @Nullable Object> map(JsonParser parser) throws IOException {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      map.put(name, content(parser));
    }
    return map;
  }
}
