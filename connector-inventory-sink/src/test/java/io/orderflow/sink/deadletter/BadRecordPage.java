package io.orderflow.sink.deadletter;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.BadRecordCase;
import io.orderflow.sink.fixture.OddRecordCase;
import java.util.List;

/** Renders the documentation page of bad records. */
final class BadRecordPage {

  private static final String HEAD =
      """
      <!-- Generated from the code; a test compares it. -->

      # Bad records

      A bad record can never be applied, even if it is retried. With `errors.tolerance=all` and
      `errors.deadletterqueue.topic.name` it is written to that topic, and the rest of its batch is applied.

      With `errors.deadletterqueue.context.headers.enable=true`, the header `__connect.errors.exception.message`
      contains the message: the field's path, what was expected, what was found, the record's topic-partition@offset,
      and what to do. Messages never contain a field's value, except for unknown statuses and intents.

      A test sends all of these records to PostgreSQL in one batch, between good ones. Order IDs are bigint unless the
      table says otherwise, and fields have their default names; `expires` is `order.expires.field` and
      `inventory.expires.field`.

      | record | message |
      |---|---|
      """;

  private static final String REJECTED =
      """

      PostgreSQL may reject a record that the sink can read, for instance because of a CHECK constraint that you added.
      The sink finds such a record by halving its batch:

      > PostgreSQL rejects record payments-0@42 with SQLSTATE 23514 at table payments, constraint known. Look the code
      > up in the PostgreSQL manual, Appendix A; then fix the producer, or the table's types and constraints.

      ## Unusual records that are applied

      | record | effect |
      |---|---|
      """;

  private static final String FOOT =
      """

      ## Errors that the sink cannot detect

      - Connect's JsonConverter silently truncates whole numbers of schemaless JSON to 64 bits. Send larger numbers as
        text, which the sink rejects.
      - The converter replaces bytes that are not UTF-8 by U+FFFD before the sink sees them.
      - The converter replaces a null by the default of its schema, unless
        `value.converter.replace.null.with.default=false`.
      - A decimal as base64 text, which the JsonConverter writes with `decimal.format=BASE64`, loses its scale if it is
        read without schemas. Use `decimal.format=NUMERIC`, or schemas.
      """;

  private BadRecordPage() {}

  static String markdown(List<BadRecordCase> bad, List<OddRecordCase> odd) {
    StringBuilder page = new StringBuilder(HEAD);
    for (BadRecordCase row : bad) {
      String tables =
          row.idType() == OrderIdType.BIGINT ? "" : " (order IDs: " + row.idType().sqlName() + ")";
      row(page, row.what() + tables, "`" + row.message(42) + "`");
    }
    page.append(REJECTED);
    odd.forEach(row -> row(page, row.what(), row.effect()));
    return page.append(FOOT).toString();
  }

  private static void row(StringBuilder page, String left, String right) {
    page.append("| ").append(left).append(" | ").append(right).append(" |\n");
  }
}
