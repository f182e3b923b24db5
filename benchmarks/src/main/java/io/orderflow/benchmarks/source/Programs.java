package io.orderflow.benchmarks.source;

import io.orderflow.benchmarks.measure.AtWork;
import io.orderflow.benchmarks.measure.ProgramProcess;
import io.orderflow.benchmarks.measure.ProgramSlot;
import io.orderflow.benchmarks.source.program.SourceJob;
import io.orderflow.stack.LocalStack;
import io.orderflow.stack.PostgresServer;

/** What the contestants have in common that are programs without Connect. */
record Programs(LocalStack stack, ProgramSlot slot) {

  void renew() {
    slot.renew();
  }

  AtWork start(SourceJob.Kind kind, Run run) {
    ProgramProcess running = slot.running();
    running.tell(job(kind, run));
    return new Working(running, job(SourceJob.Kind.NOTHING, run));
  }

  private SourceJob job(SourceJob.Kind kind, Run run) {
    PostgresServer server = stack.postgres();
    return new SourceJob(
        kind,
        stack.kafka().bootstrapServers(),
        run.name(),
        new SourceJob.Shop(
            server.jdbcUrl(run.database()),
            server.user(),
            server.password(),
            Shops.SLOT,
            Shops.PUBLICATION),
        run.orders(),
        run.tasks());
  }

  /** A program at its job, which another one ends. */
  private record Working(ProgramProcess process, SourceJob end) implements AtWork {

    @Override
    public long pid() {
      return process.pid();
    }

    @Override
    public void failIfEnded() {
      process.failIfEnded();
    }

    @Override
    public void close() {
      process.tell(end);
    }
  }
}
