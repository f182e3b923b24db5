package io.orderflow.sink.deadletter;

import io.orderflow.common.failure.SqlFailures;
import io.orderflow.sink.record.Coordinates;
import java.sql.SQLException;
import java.util.StringJoiner;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * A record that the database rejects. Neither the server's message nor the failure itself is
 * attached: both repeat values, and records are presumed sensitive.
 */
final class RejectedRecordException extends DataException {

  private static final long serialVersionUID = 1L;

  RejectedRecordException(Coordinates at, SQLException failure) {
    super(describe(at, failure));
  }

  /** Leaves the stack trace out, since there may be thousands and the message is complete. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }

  private static String describe(Coordinates at, SQLException failure) {
    return "PostgreSQL rejects record "
        + at
        + " with SQLSTATE "
        + SqlFailures.sqlState(failure).orElse("unknown")
        + location(failure)
        + ". Look the code up in the PostgreSQL manual, Appendix A; then fix the producer, or the"
        + " table's types and constraints.";
  }

  private static String location(SQLException failure) {
    if (!(failure instanceof PSQLException psql) || psql.getServerErrorMessage() == null) {
      return "";
    }
    ServerErrorMessage server = psql.getServerErrorMessage();
    StringJoiner location = new StringJoiner(", ", " at ", "");
    location.setEmptyValue("");
    add(location, "table", server.getTable());
    add(location, "column", server.getColumn());
    add(location, "constraint", server.getConstraint());
    add(location, "type", server.getDatatype());
    return location.toString();
  }

  private static void add(StringJoiner location, String kind, @Nullable String name) {
    if (name != null) {
      location.add(kind + " " + name);
    }
  }
}
