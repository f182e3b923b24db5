package io.orderflow.sink.warehouse;

import io.orderflow.common.database.TableName;

/** The statements of the payments table; {@code p} is the row that is there. */
final class PaymentSql {

  private static final String PAID =
      "EXCLUDED.version IS NOT NULL AND (p.version IS NULL OR p.version < EXCLUDED.version)";
  private static final String DUE =
      "EXCLUDED.due_version IS NOT NULL"
          + " AND (p.due_version IS NULL OR p.due_version < EXCLUDED.due_version)";

  private PaymentSql() {}

  static String payments(TableName table, OrderIds ids) {
    return """
        INSERT INTO %s AS p (order_id, version, status, amount, currency, provider, reference)
        SELECT * FROM unnest(?::%s, ?::bigint[], ?::text[], ?::numeric[], ?::text[], ?::text[], ?::text[])
        ON CONFLICT (order_id) DO UPDATE
           SET version = EXCLUDED.version, status = EXCLUDED.status, amount = EXCLUDED.amount,
               currency = EXCLUDED.currency, provider = EXCLUDED.provider,
               reference = EXCLUDED.reference, updated_at = now()
         WHERE %s"""
        .formatted(table.quoted(), ids.arrayType(), PAID);
  }

  static String dues(TableName table, OrderIds ids) {
    return """
        INSERT INTO %s AS p (order_id, due, due_currency, due_version)
        SELECT * FROM unnest(?::%s, ?::numeric[], ?::text[], ?::bigint[])
        ON CONFLICT (order_id) DO UPDATE
           SET due = EXCLUDED.due, due_currency = EXCLUDED.due_currency,
               due_version = EXCLUDED.due_version, updated_at = now()
         WHERE %s"""
        .formatted(table.quoted(), ids.arrayType(), DUE);
  }

  static String both(TableName table, OrderIds ids) {
    return """
        INSERT INTO %s AS p (order_id, version, status, amount, currency, provider, reference,
                             due, due_currency, due_version)
        SELECT * FROM unnest(?::%s, ?::bigint[], ?::text[], ?::numeric[], ?::text[], ?::text[], ?::text[],
                             ?::numeric[], ?::text[], ?::bigint[])
        ON CONFLICT (order_id) DO UPDATE
           SET %s, %s, updated_at = now()
         WHERE (%s) OR (%s)"""
        .formatted(
            table.quoted(),
            ids.arrayType(),
            newer(PAID, "version", "status", "amount", "currency", "provider", "reference"),
            newer(DUE, "due", "due_currency", "due_version"),
            PAID,
            DUE);
  }

  private static String newer(String condition, String... columns) {
    StringBuilder sql = new StringBuilder();
    for (String column : columns) {
      sql.append(sql.isEmpty() ? "" : ", ")
          .append(column)
          .append(" = CASE WHEN ")
          .append(condition)
          .append(" THEN EXCLUDED.")
          .append(column)
          .append(" ELSE p.")
          .append(column)
          .append(" END");
    }
    return sql.toString();
  }
}
