package io.orderflow.sink.warehouse;

import io.orderflow.common.failure.SqlFailures;
import java.sql.SQLTransactionRollbackException;

/**
 * Another transaction has changed what this one was planned on. It is a serialization failure: the
 * same transaction can succeed at once, and is repeated.
 */
final class ConcurrentChangeException extends SQLTransactionRollbackException {

  private static final long serialVersionUID = 1L;

  ConcurrentChangeException(String table) {
    super(
        "rows of " + table + " changed after the batch was planned; the batch is repeated",
        SqlFailures.SERIALIZATION_FAILURE);
  }
}
