package io.orderflow.common.database;

import io.orderflow.common.failure.SqlFailures;
import java.sql.SQLException;

/** Adds to the message of a pooler what to do about it. */
final class PoolerAdvice {

  private static final String PAGE = "See docs/operations/tables-roles-poolers.md.";

  private PoolerAdvice() {}

  /** The failure, whose message says what to do if a pooler refuses or drops start parameters. */
  static SQLException added(SQLException failure, Pooler pooler) {
    if (!SqlFailures.isRefusedStart(failure)) {
      return failure;
    }
    return new SQLException(
        "%s. %s %s".formatted(failure.getMessage(), advice(failure, pooler), PAGE),
        SqlFailures.START_REFUSED,
        failure);
  }

  private static String advice(SQLException failure, Pooler pooler) {
    if (pooler == Pooler.NONE) {
      return "A connection pooler does not pass start parameters to PostgreSQL: set "
          + DatabaseSettings.POOLER
          + "=transaction, or name the address of PostgreSQL itself in "
          + DatabaseSettings.URL
          + ".";
    }
    return String.valueOf(failure.getMessage()).contains("replication")
        ? "A replication connection cannot go through the pooler: name the address of PostgreSQL"
            + " itself in "
            + DatabaseSettings.URL
            + ", and remove "
            + DatabaseSettings.POOLER
            + "."
        : "The pooler has to ignore this start parameter of the driver; for PgBouncer, set"
            + " ignore_startup_parameters = extra_float_digits.";
  }
}
