package io.orderflow.benchmarks.program;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** The newest update of each order: COPY into a temporary table, and one upsert. */
final class PaymentBatch implements Batch {

  private static final JsonFactory JSON = new JsonFactory();

  private static final String TEMPORARY_TABLE =
      """
      CREATE TEMPORARY TABLE batch (
        order_id bigint, version bigint, status text, amount numeric, currency text,
        provider text, reference text)
      ON COMMIT DELETE ROWS
      """;

  private static final String COPY = "COPY batch FROM STDIN (FORMAT binary)";

  private static final String UPSERT =
      """
      INSERT INTO payments AS p
        (order_id, version, status, amount, currency, provider, reference)
      SELECT order_id, version, status, amount, currency, provider, reference FROM batch
      ON CONFLICT (order_id) DO UPDATE SET
        version = excluded.version, status = excluded.status, amount = excluded.amount,
        currency = excluded.currency, provider = excluded.provider,
        reference = excluded.reference, updated_at = now()
      WHERE p.version IS NULL OR p.version < excluded.version
      """;

  /** Fields in the order of the columns. */
  private record Payment(
      long orderId,
      long version,
      String status,
      long cents,
      String currency,
      String provider,
      String reference) {

    static Payment parse(byte[] value) throws IOException {
      long orderId = 0;
      long version = 0;
      long cents = 0;
      String status = "";
      String currency = "";
      String provider = "";
      String reference = "";
      try (JsonParser parser = JSON.createParser(value)) {
        parser.nextToken();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String field = parser.currentName();
          parser.nextToken();
          switch (field) {
            case "order_id" -> orderId = parser.getLongValue();
            case "version" -> version = parser.getLongValue();
            case "status" -> status = parser.getText();
            case "amount" -> cents = Cents.parse(parser.getText());
            case "currency" -> currency = parser.getText();
            case "provider" -> provider = parser.getText();
            case "reference" -> reference = parser.getText();
            default -> parser.skipChildren();
          }
        }
      }
      return new Payment(orderId, version, status, cents, currency, provider, reference);
    }

    void encode(CopyBinary rows) {
      rows.row(7);
      rows.bigint(orderId);
      rows.bigint(version);
      rows.text(status);
      rows.cents(cents);
      rows.text(currency);
      rows.text(provider);
      rows.text(reference);
    }
  }

  private final Map<Long, Payment> newest = new HashMap<>();
  private final CopyBinary rows = new CopyBinary();

  @Override
  public String prepareSql() {
    return TEMPORARY_TABLE;
  }

  @Override
  public void add(byte[] value) throws IOException {
    Payment payment = Payment.parse(value);
    newest.merge(
        payment.orderId, payment, (one, other) -> one.version < other.version ? other : one);
  }

  @Override
  public void write(Connection connection) throws SQLException {
    newest.values().forEach(payment -> payment.encode(rows));
    newest.clear();
    rows.send(connection, COPY);
    try (Statement upsert = connection.createStatement()) {
      upsert.executeUpdate(UPSERT);
    }
  }
}
