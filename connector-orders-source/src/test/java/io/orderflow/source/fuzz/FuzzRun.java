package io.orderflow.source.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

/** Runs seeds side by side, each on a server of its own, and reports them in their order. */
final class FuzzRun implements AutoCloseable {

  private static final int PARALLEL =
      Integer.getInteger("orderflow.fuzz.parallel", Runtime.getRuntime().availableProcessors());

  /** A run that fails this often has shown enough; each failure takes a while to shrink. */
  private static final int MAX_FAILURES = Integer.getInteger("orderflow.fuzz.max.failures", 20);

  private final BlockingQueue<FuzzServer> servers = new LinkedBlockingQueue<>();
  private final ExecutorService threads = Executors.newFixedThreadPool(PARALLEL);
  private final AtomicInteger failures = new AtomicInteger();

  FuzzRun() {
    for (int i = 0; i < PARALLEL; i++) {
      servers.add(new FuzzServer());
    }
  }

  /** Adds the results of seeds to a report, until too many have failed. */
  void run(LongStream seeds, FuzzReport report) throws InterruptedException {
    List<Future<Optional<SeedResult>>> results = new ArrayList<>();
    seeds.forEach(seed -> results.add(threads.submit(of(seed))));
    for (Future<Optional<SeedResult>> result : results) {
      try {
        result.get().ifPresent(report::add);
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }
  }

  private Callable<Optional<SeedResult>> of(long seed) {
    return () -> {
      if (failures.get() >= MAX_FAILURES) {
        return Optional.empty();
      }
      FuzzServer server = servers.take();
      try {
        SeedResult result = SeedResult.of(seed, server);
        if (result.failure() != null) {
          failures.incrementAndGet();
        }
        return Optional.of(result);
      } finally {
        servers.add(server);
      }
    };
  }

  @Override
  public void close() {
    threads.shutdownNow();
    servers.forEach(FuzzServer::close);
  }
}
