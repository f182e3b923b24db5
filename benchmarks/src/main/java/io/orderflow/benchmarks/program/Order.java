package io.orderflow.benchmarks.program;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** An order event, of which the SKUs are distinct. */
record Order(
    long id, long version, long cents, String currency, List<String> skus, List<Long> quantities) {

  private static final JsonFactory JSON = new JsonFactory();

  static Order parse(byte[] value) throws IOException {
    long id = 0;
    long version = 0;
    long cents = 0;
    String currency = "";
    List<String> skus = new ArrayList<>(4);
    List<Long> quantities = new ArrayList<>(4);
    try (JsonParser parser = JSON.createParser(value)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        switch (field) {
          case "id" -> id = parser.getLongValue();
          case "version" -> version = parser.getLongValue();
          case "total" -> cents = Cents.parse(parser.getText());
          case "currency" -> currency = parser.getText();
          case "items" -> items(parser, skus, quantities);
          default -> parser.skipChildren();
        }
      }
    }
    return new Order(id, version, cents, currency, skus, quantities);
  }

  private static void items(JsonParser parser, List<String> skus, List<Long> quantities)
      throws IOException {
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        switch (field) {
          case "sku" -> skus.add(parser.getText());
          case "quantity" -> quantities.add(parser.getLongValue());
          default -> parser.skipChildren();
        }
      }
    }
  }

  void encode(CopyBinary rows) {
    rows.row(7);
    rows.bigint(id);
    rows.bigint(version);
    rows.texts(skus);
    rows.bigints(quantities);
    rows.bigints(Collections.nCopies(quantities.size(), 0L));
    rows.cents(cents);
    rows.text(currency);
  }

  void addTo(Map<String, Long> reserved) {
    for (int i = 0; i < skus.size(); i++) {
      reserved.merge(skus.get(i), quantities.get(i), Long::sum);
    }
  }
}
