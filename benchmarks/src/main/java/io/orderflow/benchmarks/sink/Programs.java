package io.orderflow.benchmarks.sink;

import io.orderflow.benchmarks.Topics;
import io.orderflow.benchmarks.program.Job;
import io.orderflow.stack.LocalStack;
import io.orderflow.stack.PostgresServer;
import org.jspecify.annotations.Nullable;

/** What the contestants have in common that are programs without Connect. */
final class Programs implements AutoCloseable {

  private final LocalStack stack;
  private @Nullable ProgramProcess process;

  Programs(LocalStack stack) {
    this.stack = stack;
  }

  /** The next start launches a new process. */
  void renew() {
    if (process != null) {
      process.close();
      process = null;
    }
  }

  Running start(String contestant, Run run, int batch) {
    ProgramProcess running = process;
    if (running == null) {
      running = ProgramProcess.launch(stack.logs());
      process = running;
    }
    PostgresServer server = stack.postgres();
    String group = contestant + '-' + run.database();
    running.tell(
        new Job(
            run.workload().kind(),
            stack.kafka().bootstrapServers(),
            group,
            run.workload().topic(),
            Topics.PARTITIONS,
            new Job.Warehouse(server.jdbcUrl(run.database()), server.user(), server.password()),
            run.tasks(),
            batch));
    return new Program(group, running);
  }

  @Override
  public void close() {
    renew();
  }

  private record Program(String group, ProgramProcess process) implements Running {

    @Override
    public long pid() {
      return process.pid();
    }

    @Override
    public void failIfEnded() {
      process.failIfEnded();
    }

    @Override
    public void rewind() {
      throw new UnsupportedOperationException("A program's group cannot be told to go back");
    }

    /** It waits for records, and its next job ends this one. */
    @Override
    public void close() {}
  }
}
