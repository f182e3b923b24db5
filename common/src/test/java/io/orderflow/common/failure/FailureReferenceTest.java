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

      Each failure has one of three classes, which its SQLSTATE decides (PostgreSQL manual, Appendix A).
      The first row of the table below whose code the SQLSTATE starts with applies. Three kinds are known by
      their message: a pooler that has no more connections is transient, one that refuses a parameter of the
      session is fatal, and a row that a policy of row-level security forbids (42501) is a bad record, and
      so is one that the server cannot decode (08P01).

      - **transient**: the whole transaction is retried until it succeeds, with exponential backoff and
        jitter. The log has one line when an outage begins and one when it ends. No record goes to the
        dead-letter queue, and no task needs a restart ([one
        exception](guarantees.md#what-an-event-of-log-capture-shows)). Existing sessions are replaced, unless
        the failure is a conflict with another transaction (40). After 10 consecutive conflicts, and again
        after 20, 40 and 80, the log has a warning: another client writes to the table, or a trigger,
        constraint or collation prevents rows from being changed as they were read. If a batch takes too
        long or too much memory three times (57014, 25P04, 53200), the sink applies it as halves.
      - **bad record**: the sink halves the batch until it has found the record, reports it, and applies
        the others. The source only reads, so for the source this is fatal.
      - **fatal**: a retry cannot succeed. The task stops, and its message names the cause.

      | SQLSTATE | class | meaning |
      |---|---|---|
      """;

  @Test
  void pageIsUpToDate() throws IOException {
    StringBuilder page = new StringBuilder(INTRODUCTION);
    for (SqlFailures.Rule rule : SqlFailures.rules()) {
      page.append("| ")
          .append(rule.prefix().isEmpty() ? "any other" : "`" + code(rule) + "`")
          .append(" | ")
          .append(
              switch (rule.failureClass()) {
                case TRANSIENT -> "transient";
                case BAD_RECORD -> "bad record";
                case FATAL -> "**fatal**";
              })
          .append(" | ")
          .append(rule.meaning())
          .append(" |\n");
    }
    if (Boolean.getBoolean("orderflow.docs.update")) {
      Files.writeString(PAGE, page);
    }
    assertEquals(
        page.toString(),
        Files.exists(PAGE) ? Files.readString(PAGE) : "",
        PAGE + " is out of date: run the tests with -Dorderflow.docs.update=true");
  }

  private static String code(SqlFailures.Rule rule) {
    return rule.prefix().length() == 5 ? rule.prefix() : rule.prefix() + "…";
  }
}
