package io.orderflow.benchmarks.source.program;

import io.orderflow.benchmarks.measure.JobLines;
import java.io.IOException;

/** The source's counterpart without Connect, see {@link JobLines}. */
public final class SourceProgram {

  private SourceProgram() {}

  public static void main(String[] args) throws IOException {
    JobLines.run(SourceJob.class, SourceJob::start);
  }
}
