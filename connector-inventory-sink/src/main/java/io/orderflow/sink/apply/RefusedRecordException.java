package io.orderflow.sink.apply;

import io.orderflow.common.failure.SqlFailures;
import io.orderflow.sink.record.Coordinates;
import java.sql.SQLException;
import java.util.StringJoiner;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * A record that the database refuses. The server's own message is left out, and so is the failure
 * as a cause: both repeat values, and records are presumed sensitive.
 */
final class RefusedRecordException extends DataException {

  private static final long serialVersionUID = 1L;

  private final BadRecord.Why why;

  RefusedRecordException(Coordinates at, SQLException failure) {
    super(describe(at, failure));
    this.why =
        switch (SqlFailures.refusal(failure)) {
          case VALUE -> BadRecord.Why.VALUE;
          case CONSTRAINT -> BadRecord.Why.CONSTRAINT;
          case TRIGGER -> BadRecord.Why.TRIGGER;
        };
  }

  BadRecord.Why why() {
    return why;
  }

  /** None: the message says it all, and there may be thousands. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }

  private static String describe(Coordinates at, SQLException failure) {
    String state = SqlFailures.sqlState(failure).orElse("unknown");
    return "expected a record that the tables can hold, found one that PostgreSQL refuses with"
        + " SQLSTATE "
        + state
        + where(failure)
        + " ("
        + at
        + "). Look up the code in the PostgreSQL manual, Appendix A; mend the producer, or the"
        + " table's types and constraints.";
  }

  private static String where(SQLException failure) {
    if (!(failure instanceof PSQLException psql) || psql.getServerErrorMessage() == null) {
      return "";
    }
    ServerErrorMessage server = psql.getServerErrorMessage();
    StringJoiner where = new StringJoiner(", ", " at ", "");
    where.setEmptyValue("");
    add(where, "table", server.getTable());
    add(where, "column", server.getColumn());
    add(where, "constraint", server.getConstraint());
    add(where, "type", server.getDatatype());
    return where.toString();
  }

  private static void add(StringJoiner where, String what, @Nullable String name) {
    if (name != null) {
      where.add(what + " " + name);
    }
  }
}
