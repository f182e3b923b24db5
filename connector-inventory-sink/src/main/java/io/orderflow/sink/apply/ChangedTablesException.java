package io.orderflow.sink.apply;

import io.orderflow.sink.warehouse.ChangedScaleException;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * Columns of the tables, or their scale, have changed: they must be read again, and so must the
 * records.
 */
final class ChangedTablesException extends ConnectException {

  private static final long serialVersionUID = 1L;

  private ChangedTablesException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  static ChangedTablesException ofColumns() {
    return new ChangedTablesException("columns of the warehouse's tables have changed", null);
  }

  static ChangedTablesException of(ChangedScaleException changed) {
    return new ChangedTablesException(
        "the decimals of quantities in the warehouse's tables have changed", changed);
  }
}
