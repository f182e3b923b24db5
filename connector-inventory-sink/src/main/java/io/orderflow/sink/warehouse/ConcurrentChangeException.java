package io.orderflow.sink.warehouse;

import io.orderflow.common.failure.SqlFailures;
import java.sql.SQLTransactionRollbackException;

/**
 * PostgreSQL has written fewer, more or other rows than the batch has, without an error. Usually
 * another transaction has changed what this one was planned on. It is a serialization failure: the
 * same transaction can succeed at once, and is repeated. If it never succeeds, nothing but the
 * table itself can be the cause: a trigger or rule that suppresses or changes a row, a null in a
 * column that is compared, or a collation in which different keys are equal.
 */
public final class ConcurrentChangeException extends SQLTransactionRollbackException {

  private static final long serialVersionUID = 1L;

  private final String table;

  /**
   * Creates a failure.
   *
   * @param table what the table contains: payments, order payments, payment totals, orders or stock
   */
  ConcurrentChangeException(String table) {
    super(
        "rows of " + table + " changed after the batch was planned; the batch is repeated",
        SqlFailures.SERIALIZATION_FAILURE);
    this.table = table;
  }

  /** What the table contains, such as payments or stock. */
  public String table() {
    return table;
  }
}
