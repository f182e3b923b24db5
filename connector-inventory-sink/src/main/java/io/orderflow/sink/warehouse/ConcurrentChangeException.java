package io.orderflow.sink.warehouse;

import java.sql.SQLTransactionRollbackException;

/**
 * Another transaction has changed what this one was planned on. It has the SQLSTATE of a
 * serialization failure, for that is what it is: the same transaction can succeed at once.
 */
final class ConcurrentChangeException extends SQLTransactionRollbackException {

  private static final long serialVersionUID = 1L;

  ConcurrentChangeException(String what) {
    super(what + " changed while a batch was planned on it; the batch is tried again", "40001");
  }
}
