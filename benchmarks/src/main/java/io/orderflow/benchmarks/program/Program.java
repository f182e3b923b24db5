package io.orderflow.benchmarks.program;

import io.orderflow.benchmarks.measure.JobLines;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/** The sink's counterpart without Connect, see {@link JobLines}. */
public final class Program {

  private Program() {}

  public static void main(String[] args) throws IOException {
    JobLines.run(Job.class, Program::start);
  }

  private static Runnable start(Job job) {
    List<Consuming> consumers =
        IntStream.range(0, job.threads()).mapToObj(share -> new Consuming(job, share)).toList();
    consumers.forEach(Consuming::start);
    return () -> consumers.forEach(Consuming::stop);
  }
}
