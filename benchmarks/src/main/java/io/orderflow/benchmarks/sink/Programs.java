package io.orderflow.benchmarks.sink;

import io.orderflow.benchmarks.Topics;
import io.orderflow.benchmarks.measure.ProgramProcess;
import io.orderflow.benchmarks.measure.ProgramSlot;
import io.orderflow.benchmarks.program.Job;
import io.orderflow.stack.LocalStack;
import io.orderflow.stack.PostgresServer;

/** What the contestants have in common that are programs without Connect. */
record Programs(LocalStack stack, ProgramSlot slot) {

  void renew() {
    slot.renew();
  }

  Running start(String contestant, Run run, int batch) {
    ProgramProcess running = slot.running();
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
    return new Consumers(group, running);
  }

  private record Consumers(String group, ProgramProcess process) implements Running {

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
