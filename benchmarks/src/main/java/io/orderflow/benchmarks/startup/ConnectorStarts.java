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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The time that connectors take, on a worker that has just started, until their first record. */
final class ConnectorStarts {

  private static final Duration LOOK = Duration.ofMillis(5);

  private final LocalStack base;
  private final Subjects subjects;
  private final String[] jvm;

  private static final String WORKER = "REST answers, ms";
  private static final String ANSWER = "+ configuration accepted, ms";
  private static final String FIRST = "+ first record, ms";
  private static final String TOTAL = "total, ms";
  private static final String CPU = "CPU time of the worker since REST answers, ms";
  private static final List<String> COLUMNS = List.of(WORKER, ANSWER, FIRST, TOTAL, CPU);

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
      Map<String, Medians> medians = new LinkedHashMap<>();
      all.names().forEach(name -> medians.put(name, new Medians()));
      for (int round = 0; round < rounds; round++) {
        for (Map.Entry<String, Medians> each : medians.entrySet()) {
          measure(stack, all.prepare(each.getKey()), each.getValue());
          System.err.println(each.getKey() + ": " + each.getValue().cells(COLUMNS));
        }
      }
      return table(medians);
    }
  }

  private static void measure(LocalStack stack, Subjects.Subject subject, Medians medians)
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
      medians.add(CPU, (double) Cpu.ofTree(worker.pid()).toMillis() - cpuBefore);
      medians.add(WORKER, (ready - began) / 1e6);
      medians.add(ANSWER, (answered - ready) / 1e6);
      medians.add(FIRST, (seen - answered) / 1e6);
      medians.add(TOTAL, (seen - began) / 1e6);
    }
    subject.end().run();
  }

  private static MarkdownTable table(Map<String, Medians> all) {
    List<String> head = new ArrayList<>(List.of("connector"));
    head.addAll(COLUMNS);
    List<List<String>> rows = new ArrayList<>();
    all.forEach(
        (name, medians) -> {
          List<String> row = new ArrayList<>(List.of(name));
          row.addAll(medians.cells(COLUMNS));
          rows.add(row);
        });
    return new MarkdownTable(head, rows);
  }
}
