package io.orderflow.common.failure;

import static io.orderflow.common.failure.FailureClass.BAD_RECORD;
import static io.orderflow.common.failure.FailureClass.FATAL;
import static io.orderflow.common.failure.FailureClass.TRANSIENT;
import static io.orderflow.common.failure.FailureClass.UNCLEAR;

import java.util.List;

/**
 * What follows from each SQLSTATE of PostgreSQL 18 (manual, Appendix A) and earlier versions.
 *
 * <p>Rules are matched from the top; a rule applies to every code that starts with its prefix.
 */
final class FailureRules {

  /**
   * The consequence of all SQLSTATEs that start with a prefix.
   *
   * @param statement if a statement of the connector fails by itself
   * @param function if it fails within a trigger or another function of the database
   */
  record Rule(String prefix, FailureClass statement, FailureClass function, String meaning) {

    /** A rule for which it makes no difference where the failure arises. */
    static Rule of(String prefix, FailureClass anywhere, String meaning) {
      return new Rule(prefix, anywhere, anywhere, meaning);
    }
  }

  static final List<Rule> ALL =
      List.of(
          new Rule("00", UNCLEAR, BAD_RECORD, "no failure, which a trigger raises as one"),
          new Rule("01", UNCLEAR, BAD_RECORD, "a warning, which a trigger raises as a failure"),
          new Rule("02", UNCLEAR, BAD_RECORD, "no data"),
          new Rule("03", FATAL, UNCLEAR, "the SQL statement is not complete"),
          new Rule(
              "08004", FATAL, UNCLEAR, "the connection was rejected: a password or TLS is missing"),
          Rule.of("08P01", UNCLEAR, "a message that the server cannot read, such as a row of COPY"),
          Rule.of("08", TRANSIENT, "the connection was lost or refused"),
          new Rule("09", UNCLEAR, BAD_RECORD, "a triggered action failed"),
          new Rule("0A", FATAL, UNCLEAR, "the server does not support a feature"),
          new Rule("0B", UNCLEAR, BAD_RECORD, "the transaction cannot be started"),
          new Rule("0F", UNCLEAR, BAD_RECORD, "an invalid locator"),
          new Rule("0L", FATAL, UNCLEAR, "the role may not grant"),
          new Rule("0P", FATAL, UNCLEAR, "an invalid role"),
          new Rule("0Z", UNCLEAR, BAD_RECORD, "an error in a function's handler of errors"),
          new Rule("10", UNCLEAR, BAD_RECORD, "an argument of an XML query is invalid"),
          new Rule("20", UNCLEAR, BAD_RECORD, "no case of a CASE statement applies"),
          Rule.of("21", BAD_RECORD, "several rows where one is allowed"),
          Rule.of("22", BAD_RECORD, "a value that its column cannot hold"),
          Rule.of("23", BAD_RECORD, "a value that a constraint of the table forbids"),
          new Rule("24", UNCLEAR, BAD_RECORD, "a cursor is in the wrong state"),
          Rule.of(
              SqlFailures.READ_ONLY, TRANSIENT, "the server is read-only, as during a failover"),
          Rule.of("25P03", TRANSIENT, "the transaction was idle for too long"),
          Rule.of("25P04", TRANSIENT, "the transaction took too long"),
          new Rule("25", FATAL, UNCLEAR, "the transaction is in the wrong state"),
          new Rule(
              "26",
              TRANSIENT,
              UNCLEAR,
              "the prepared statement does not exist, as after a failover"),
          Rule.of("27", BAD_RECORD, "a trigger has changed the row that is being changed"),
          new Rule("28", FATAL, UNCLEAR, "the role or its password is wrong"),
          new Rule("2B", FATAL, UNCLEAR, "privileges depend on the object"),
          new Rule("2D", UNCLEAR, BAD_RECORD, "a function ends the transaction"),
          new Rule("2F", UNCLEAR, BAD_RECORD, "an SQL routine failed"),
          new Rule("34", UNCLEAR, BAD_RECORD, "a cursor does not exist"),
          new Rule("38", UNCLEAR, BAD_RECORD, "a routine in another language failed"),
          new Rule("39", UNCLEAR, BAD_RECORD, "a routine in another language was called wrongly"),
          new Rule("3B", UNCLEAR, BAD_RECORD, "a savepoint does not exist"),
          new Rule("3D", FATAL, UNCLEAR, "the database does not exist"),
          new Rule("3F", FATAL, UNCLEAR, "the schema does not exist"),
          Rule.of("40", TRANSIENT, "a deadlock or serialization failure"),
          new Rule("42", FATAL, UNCLEAR, "a table, column, type or privilege is missing"),
          Rule.of("44", BAD_RECORD, "a value that a view's check option forbids"),
          Rule.of("53", TRANSIENT, "the server is out of connections, memory or disk"),
          Rule.of("54", BAD_RECORD, "a value too long for an index, or another limit"),
          Rule.of(SqlFailures.OBJECT_IN_USE, TRANSIENT, "the object is in use"),
          Rule.of("55P03", TRANSIENT, "the lock was not available in time"),
          new Rule("55", FATAL, UNCLEAR, "an object is not in the state that the statement needs"),
          Rule.of(
              "57", TRANSIENT, "the server shuts down or starts, or the statement took too long"),
          new Rule("58P01", FATAL, UNCLEAR, "a file of the server or of an extension is missing"),
          Rule.of("58", TRANSIENT, "the server's system or disk failed"),
          Rule.of("72", TRANSIENT, "the snapshot is too old (PostgreSQL 16 and earlier)"),
          new Rule("F0", FATAL, UNCLEAR, "the server's configuration is wrong"),
          Rule.of("HV00N", TRANSIENT, "the server of a foreign table is unavailable"),
          Rule.of("HV", UNCLEAR, "a foreign table failed"),
          Rule.of("P0", BAD_RECORD, "a value that a trigger of the table rejects"),
          Rule.of("XX001", FATAL, "data of the server is corrupted"),
          Rule.of("XX002", FATAL, "an index of the server is corrupted"),
          Rule.of("XX", UNCLEAR, "an internal error of the server or of an extension"),
          new Rule(
              "",
              UNCLEAR,
              BAD_RECORD,
              "a code that PostgreSQL does not define, of a trigger or extension"));

  private FailureRules() {}

  /** The first rule that applies. */
  static Rule of(String state) {
    return ALL.stream().filter(rule -> state.startsWith(rule.prefix())).findFirst().orElseThrow();
  }
}
