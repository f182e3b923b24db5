package io.orderflow.common.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** docs/failures.md is made from the rules. */
class FailureReferenceTest {

  private static final Path PAGE =
      Path.of(Objects.requireNonNull(System.getProperty("orderflow.root")), "docs/failures.md");

  private static final String INTRODUCTION =
      """
      <!-- Made from the code; a test compares. -->

      # What follows from a failure of PostgreSQL

      Every failure has one of three classes, by its SQLSTATE (manual, Appendix A). Of the rows below,
      the first counts whose code the SQLSTATE begins with.

      - **transient**: the whole transaction is tried again, with exponential backoff and jitter, for as
        long as it takes. One line in the log tells when it begins, one when it is over. Nothing goes to
        the dead-letter queue, and no task needs a restart ([one
        exception](guarantees.md#what-an-event-of-log-capture-shows)). Sessions from before are not used again,
        unless another transaction stood in the way (40). If one does so 10 times in a row, a line in
        the log says it, and again at 20, 40, 80: somebody else writes to the table, or a trigger,
        constraint or collation keeps its rows from being changed as they were read. What takes too
        long or too much memory (57014, 25P04, 53200) three times, the sink applies as halves.
      - **bad record**: the sink halves the batch until the record stands alone, reports it, and applies
        the others. The source only reads, so for it this is fatal.
      - **fatal**: nothing will change by itself. The task stops and says why.

      | SQLSTATE | class | what it means |
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
        PAGE + " is not what the code makes: run the tests with -Dorderflow.docs.update=true");
  }

  private static String code(SqlFailures.Rule rule) {
    return rule.prefix().length() == 5 ? rule.prefix() : rule.prefix() + "…";
  }
}
