package io.orderflow.benchmarks.startup;

import io.orderflow.benchmarks.Benchmarks;
import io.orderflow.benchmarks.Waiting;
import io.orderflow.benchmarks.measure.Connectors;
import io.orderflow.benchmarks.measure.Cpu;
import io.orderflow.benchmarks.measure.MarkdownTable;
import io.orderflow.benchmarks.measure.Running;
import io.orderflow.stack.LocalStack;
import io.orderflow.stack.LocalWorker;
import io.orderflow.stack.PluginArchives;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The time that connectors take, on a worker that has just started, until their first record. */
final class ConnectorStarts {

  private static final Duration LOOK = Duration.ofMillis(5);

  private final LocalStack base;
  private final Subjects subjects;
  private final String[] jvm;

  /** The measurements of a connector. */
  private record Times(
      String name, Median worker, Median answer, Median first, Median total, Median cpu) {
    Times(String name) {
      this(name, new Median(), new Median(), new Median(), new Median(), new Median());
    }
  }

  ConnectorStarts(LocalStack base, String[] jvm) {
    this.base = base;
    this.subjects = new Subjects(base);
    this.jvm = jvm;
  }

  MarkdownTable measure(int rounds) throws Exception {
    try (LocalStack stack =
            LocalStack.builder()
                .kafka(base.kafka())
                .withoutPostgres()
                .workerJvm(jvm)
                .pluginArchives(PluginArchives.ofThisCheckout())
                .pluginFolder(Benchmarks.root().resolve("benchmarks/target/plugins"))
                .start();
        Subjects all = subjects) {
      List<Times> times = all.names().stream().map(Times::new).toList();
      for (int round = 0; round < rounds; round++) {
        for (Times each : times) {
          measure(stack, all.prepare(each.name), each);
        }
      }
      return table(times);
    }
  }

  private static void measure(LocalStack stack, Subjects.Subject subject, Times times)
      throws Exception {
    LocalWorker worker = stack.workers().get(0);
    worker.stop();
    long began = System.nanoTime();
    worker.start();
    long ready = System.nanoTime();
    double cpuBefore = (double) Cpu.ofTree(worker.pid()).toMillis();
    try (Running running =
        new Connectors(stack, Map.of()).start(subject.name(), subject.config())) {
      long answered = System.nanoTime();
      Waiting.until(
          "First record of " + subject.name(),
          LOOK,
          () -> {
            boolean seen = subject.seen().holds();
            if (!seen && System.nanoTime() - answered > Duration.ofSeconds(30).toNanos()) {
              running.failIfEnded();
            }
            return seen;
          });
      long seen = System.nanoTime();
      times.cpu.add((double) Cpu.ofTree(worker.pid()).toMillis() - cpuBefore);
      times.worker.add((ready - began) / 1e6);
      times.answer.add((answered - ready) / 1e6);
      times.first.add((seen - answered) / 1e6);
      times.total.add((seen - began) / 1e6);
      System.err.printf(
          "%s: %.0f ms to answer, %.0f ms to the first record, CPU %.0f ms%n",
          times.name, (answered - ready) / 1e6, (seen - answered) / 1e6, times.cpu.value());
    }
    subject.end().run();
  }

  private static MarkdownTable table(List<Times> all) {
    List<List<String>> rows = new ArrayList<>();
    for (Times times : all) {
      rows.add(
          List.of(
              times.name,
              MarkdownTable.number("%,.0f", times.worker.value()),
              MarkdownTable.number("%,.0f", times.answer.value()),
              MarkdownTable.number("%,.0f", times.first.value()),
              MarkdownTable.number("%,.0f", times.total.value()),
              MarkdownTable.number("%,.0f", times.cpu.value())));
    }
    return new MarkdownTable(
        List.of(
            "connector",
            "REST answers, ms",
            "+ configuration accepted, ms",
            "+ first record, ms",
            "total, ms",
            "CPU time of the worker since REST answers, ms"),
        rows);
  }
}
