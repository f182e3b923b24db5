package io.orderflow.common.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** docs/failures.md is generated from the rules. */
class FailureReferenceTest {

  private static final Path PAGE =
      Path.of(Objects.requireNonNull(System.getProperty("orderflow.root")), "docs/failures.md");

  private static final String INTRODUCTION =
      """
      <!-- Generated from the code; a test fails if this page is out of date. -->

      # Failures of PostgreSQL and their consequences

      Each failure has a class, which its SQLSTATE decides (PostgreSQL manual, Appendix A), and whether
      it arises in a statement of the connector or within a trigger or another function of the
      database. The first row of the table below whose code the SQLSTATE starts with applies.

      - **transient**: the whole transaction is retried until it succeeds, with exponential backoff and
        jitter. The log has one line for each cause of an outage, one for each minute that it lasts, and one
        when it ends. No record goes to the
        dead-letter queue, and no task needs a restart ([one
        exception](guarantees.md#what-an-event-of-log-capture-shows)). Existing sessions are replaced, unless
        the failure is a conflict with another transaction (40). After 10 consecutive conflicts, and again
        after 20, 40 and 80, the log has a warning: another client writes to the table, or a trigger,
        constraint or collation prevents rows from being changed as they were read. If a batch takes too
        long or too much memory three times (57014, 25P04, 53200), the sink applies it as halves.
        After 30 s, or `database.statement.timeout.ms` if that is shorter, a failure that a trigger
        raises is unclear. If the server fails within a trigger, the sink applies the other records then. If
        they can be written, the task stops and names the record; otherwise it waits.
      - **bad record**: the sink halves the batch until it has found the record, reports it, and applies
        the others. The source only reads, so for the source this is fatal.
      - **unclear**: a record or the database may be at fault. The sink halves the batch as well, and tries the
        records that fail alone once more after the others. If others of the batch were inserted or
        updated in the same tables meanwhile, those that fail again are bad.
        Otherwise the task stops, and no record goes to the dead-letter queue; a record of a dead-letter
        queue that is [put back](operations/dead-letters.md#put-them-back) is bad without this proof. For
        the source this is fatal.
      - **fatal**: a retry cannot succeed. The task stops, and its message has the server's words.

      These failures are decided by more than their code:

      | failure | class |
      |---|---|
      | a policy of row-level security forbids a row, or there is no policy (42501) | unclear |
      | a plan has become stale (0A000), as after a schema change | transient |
      | the driver itself finds a message that violates the protocol (08P01) | transient: the connection is replaced |
      | no connection within `database.connection.timeout.ms`, and the server has given no reason (no code) | transient |
      | the audit trail lacks a partition (23514) | transient: the sink writes the batch again without it |
      | a column that the sink does not know must not be null (23502) | unclear |
      | any failure without a code that is not of the database | **fatal** |

      A [connection pooler](operations/tables-roles-poolers.md#poolers) reports failures of its own, without
      the name of a routine of PostgreSQL, and with codes that differ between products. If the pooler has too many
      clients, loses the server or waits too long for it, the failure is transient, whatever its code. If it
      refuses a start parameter, the role or the database, the failure is fatal. Any other failure of a pooler
      is transient if its code is transient below or is 08P01, and fatal otherwise; it is never a bad record.

      | SQLSTATE | in a statement | in a trigger | meaning |
      |---|---|---|---|
      """;

  @Test
  void pageIsUpToDate() throws IOException {
    StringBuilder page = new StringBuilder(INTRODUCTION);
    for (FailureRules.Rule rule : FailureRules.ALL) {
      page.append(
          "| %s | %s | %s | %s |\n"
              .formatted(
                  rule.prefix().isEmpty() ? "any other" : "`" + code(rule) + "`",
                  name(rule.statement()),
                  name(rule.function()),
                  rule.meaning()));
    }
    if (Boolean.getBoolean("orderflow.docs.update")) {
      Files.writeString(PAGE, page);
    }
    assertEquals(
        page.toString(),
        Files.exists(PAGE) ? Files.readString(PAGE) : "",
        PAGE + " is out of date: run the tests with -Dorderflow.docs.update=true");
  }

  private static String name(FailureClass failureClass) {
    return switch (failureClass) {
      case TRANSIENT -> "transient";
      case BAD_RECORD -> "bad record";
      case UNCLEAR -> "unclear";
      case FATAL -> "**fatal**";
    };
  }

  private static String code(FailureRules.Rule rule) {
    return rule.prefix().length() == 5 ? rule.prefix() : rule.prefix() + "…";
  }
}
