package io.orderflow.benchmarks.plugin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.storage.Converter;

/**
 * Makes Structs of one fixed schema from payment updates in schemaless JSON. Sinks that need
 * schemas are measured with it, on the same topic as those that do not: a schema in each record
 * would cost them more than their own work, and this one costs less than the plain JSON converter.
 */
public final class PaymentConverter implements Converter {

  private static final JsonFactory JSON = new JsonFactory();

  private static final Schema SCHEMA =
      SchemaBuilder.struct()
          .name("payment")
          .field("order_id", Schema.INT64_SCHEMA)
          .field("version", Schema.INT64_SCHEMA)
          .field("status", Schema.STRING_SCHEMA)
          .field("amount", Decimal.schema(2))
          .field("currency", Schema.STRING_SCHEMA)
          .field("provider", Schema.STRING_SCHEMA)
          .field("reference", Schema.STRING_SCHEMA)
          .build();

  @Override
  public void configure(Map<String, ?> settings, boolean isKey) {}

  @Override
  public byte[] fromConnectData(String topic, Schema schema, Object value) {
    throw new DataException("Expected to read only");
  }

  @Override
  public SchemaAndValue toConnectData(String topic, byte[] value) {
    Struct payment = new Struct(SCHEMA);
    try (JsonParser parser = JSON.createParser(value)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        payment.put(field, value(field, parser));
      }
      return new SchemaAndValue(SCHEMA, payment);
    } catch (IOException e) {
      throw new DataException("Expected a payment update as JSON", e);
    }
  }

  private static Object value(String field, JsonParser parser) throws IOException {
    return switch (field) {
      case "order_id", "version" -> parser.getLongValue();
      case "amount" -> new BigDecimal(parser.getText());
      default -> parser.getText();
    };
  }
}
