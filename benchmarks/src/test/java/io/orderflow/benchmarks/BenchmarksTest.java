package io.orderflow.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.benchmarks.sink.SinkCommand;
import io.orderflow.benchmarks.source.SourceCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class BenchmarksTest {

  private final StringWriter errors = new StringWriter();

  @Test
  void unknownWorkloadIsRejectedWithTheKnownOnes() {
    // When
    int status = execute(new SourceCommand(), "--workload", "snapshot,load");

    // Then
    assertEquals(CommandLine.ExitCode.USAGE, status);
    assertTrue(
        errors
            .toString()
            .contains("--workload knows no load; it knows catch-up, latency, snapshot"),
        errors.toString());
  }

  @Test
  void unknownContestantIsRejected() {
    // When
    int status = execute(new SinkCommand(), "--contestant", "orderflow-log");

    // Then
    assertEquals(CommandLine.ExitCode.USAGE, status);
    assertTrue(
        errors.toString().contains("--contestant knows no orderflow-log"), errors.toString());
  }

  private int execute(Object command, String... arguments) {
    return new CommandLine(command).setErr(new PrintWriter(errors)).execute(arguments);
  }
}
