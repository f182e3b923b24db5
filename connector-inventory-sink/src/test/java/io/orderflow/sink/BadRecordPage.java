package io.orderflow.sink;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.BadRecordCase;
import io.orderflow.sink.fixture.OddRecordCase;
import java.util.List;

/** The page that shows what becomes of bad records. */
final class BadRecordPage {

  private static final String HEAD =
      """
      <!-- Made from the code; a test compares. -->

      # Bad records

      A bad record can never be applied, however often it is tried. It costs itself alone: with
      `errors.tolerance=all` and `errors.deadletterqueue.topic.name` it goes to that topic, and its batch
      is applied. With `errors.deadletterqueue.context.headers.enable=true`, the header
      `__connect.errors.exception.message` holds the message: the field's path, what was expected, what was
      found, topic-partition@offset, and what to do. No message shows what a record contains, unknown
      statuses and intents excepted, which are names of the shop's own.

      A test sends all of these to PostgreSQL in one batch, between good ones. Order IDs are bigint where
      nothing else is said, and field names the default ones.

      | record | message |
      |---|---|
      """;

  private static final String REFUSED =
      """

      What only the tables themselves can tell, such as a CHECK of yours or a column that you have made
      narrower, is found by halving the batch until the record is alone:

      > expected a record that the tables can hold, found one that PostgreSQL refuses with SQLSTATE 23514 at
      > table payments, constraint known (payments-0@42). Look up the code in the PostgreSQL manual, Appendix
      > A; mend the producer, or the table's types and constraints.

      ## Odd, but good

      | record | what it does |
      |---|---|
      """;

  private static final String FOOT =
      """

      ## What nobody can tell

      - Connect's JsonConverter cuts whole numbers of schemaless JSON to 64 bits without a word: send larger
        ones as text, and they are refused.
      - Bytes that are no UTF-8 become U+FFFD in the converter, before the sink sees them.
      - A decimal as base64 text, as the JsonConverter writes it with `decimal.format=BASE64`, has lost its
        scale when it is read without schemas. Use `decimal.format=NUMERIC` or schemas.
      """;

  private BadRecordPage() {}

  static String markdown(List<BadRecordCase> bad, List<OddRecordCase> odd) {
    StringBuilder page = new StringBuilder(HEAD);
    for (BadRecordCase row : bad) {
      String tables =
          row.idType() == OrderIdType.BIGINT ? "" : " (order IDs: " + row.idType().sqlName() + ")";
      row(page, row.what() + tables, "`" + row.message(42) + "`");
    }
    page.append(REFUSED);
    odd.forEach(row -> row(page, row.what(), row.effect()));
    return page.append(FOOT).toString();
  }

  private static void row(StringBuilder page, String left, String right) {
    page.append("| ").append(left).append(" | ").append(right).append(" |\n");
  }
}
