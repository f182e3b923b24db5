package io.orderflow.benchmarks.startup;

import io.orderflow.benchmarks.Benchmarks;
import io.orderflow.benchmarks.measure.Cpu;
import io.orderflow.benchmarks.measure.MarkdownTable;
import io.orderflow.stack.LocalStack;
import io.orderflow.stack.LocalWorker;
import io.orderflow.stack.PluginArchives;
import io.orderflow.stack.StackBuilder;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The time that workers with different plugin paths take until they answer. */
final class WorkerStarts {

  private static final double MEGABYTE = 1_000_000;
  private static final String SCAN = "plugin scan, ms";
  private static final String READY = "REST answers, ms";
  private static final String CPU = "CPU time until then, ms";

  private final LocalStack base;
  private final String[] jvm;

  /** The content of a plugin path. */
  private enum Plugins {
    NONE("no plugins"),
    ORDERFLOW("both of Orderflow's plugins"),
    DEBEZIUM("Debezium's PostgreSQL source and JDBC sink");

    private final String title;

    Plugins(String title) {
      this.title = title;
    }
  }

  /** A worker with its measurements. */
  private record Variant(Plugins plugins, String discovery, LocalStack stack, Medians medians) {}

  WorkerStarts(LocalStack base, String[] jvm) {
    this.base = base;
    this.jvm = jvm;
  }

  /** All take turns, so that other work of the machine affects all of them. */
  MarkdownTable measure(int rounds) throws IOException {
    List<Variant> variants = new ArrayList<>();
    try {
      for (Plugins plugins : Plugins.values()) {
        for (String discovery : List.of("service_load", "hybrid_warn", "only_scan")) {
          variants.add(variant(plugins, discovery));
        }
      }
      for (int round = 0; round < rounds; round++) {
        for (Variant variant : variants) {
          measure(variant);
        }
      }
      return table(variants);
    } finally {
      variants.forEach(variant -> variant.stack.close());
    }
  }

  private Variant variant(Plugins plugins, String discovery) throws IOException {
    StackBuilder builder =
        LocalStack.builder()
            .kafka(base.kafka())
            .withoutPostgres()
            .workerJvm(jvm)
            .workerSetting("plugin.discovery", discovery);
    if (plugins == Plugins.ORDERFLOW) {
      builder.pluginArchives(PluginArchives.ofThisCheckout());
    } else if (plugins == Plugins.DEBEZIUM) {
      builder.pluginFolder(debezium());
    }
    LocalStack stack = builder.start();
    // This start has warmed the disk's cache, and only one worker may be in the group.
    stack.workers().get(0).stop();
    return new Variant(plugins, discovery, stack, new Medians());
  }

  private static void measure(Variant variant) throws IOException {
    LocalWorker worker = variant.stack.workers().get(0);
    long logged = Files.size(worker.logFile());
    long began = System.nanoTime();
    worker.start();
    variant.medians.add(READY, (System.nanoTime() - began) / 1e6);
    variant.medians.add(CPU, (double) Cpu.ofTree(worker.pid()).toMillis());
    worker.stop();
    variant.medians.add(SCAN, PluginLoading.millis(worker.logFile(), logged));
    System.err.println(
        variant.plugins.title
            + ", "
            + variant.discovery
            + ": "
            + variant.medians.cells(List.of(SCAN, READY, CPU)));
  }

  private static MarkdownTable table(List<Variant> variants) throws IOException {
    double bare = variants.get(0).medians.median(CPU);
    List<List<String>> rows = new ArrayList<>();
    for (Variant variant : variants) {
      List<String> row = new ArrayList<>();
      row.add(variant.plugins.title);
      row.add("`" + variant.discovery + "`");
      row.add(MarkdownTable.number("%.1f", size(variant) / MEGABYTE));
      row.addAll(variant.medians.cells(List.of(SCAN, READY, CPU)));
      row.add(MarkdownTable.number("%.2f", variant.medians.median(CPU) / bare));
      rows.add(row);
    }
    return new MarkdownTable(
        List.of(
            "a worker with",
            "plugin.discovery",
            "unpacked, MB",
            SCAN,
            READY,
            CPU,
            "of a worker without plugins"),
        rows);
  }

  private static long size(Variant variant) throws IOException {
    return switch (variant.plugins) {
      case NONE -> 0;
      case ORDERFLOW -> size(variant.stack.folder().resolve("plugins"));
      case DEBEZIUM -> size(debezium());
    };
  }

  private static long size(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      return files.map(Path::toFile).filter(File::isFile).mapToLong(File::length).sum();
    }
  }

  /** A plugin path of Debezium's two archives alone. */
  private static Path debezium() throws IOException {
    Path all = Benchmarks.root().resolve("benchmarks/target/plugins");
    Path alone = Benchmarks.root().resolve("benchmarks/target/plugins-debezium");
    Files.createDirectories(alone);
    try (Stream<Path> plugins = Files.list(all)) {
      for (Path plugin : plugins.toList()) {
        String name = String.valueOf(plugin.getFileName());
        if (name.startsWith("debezium-")) {
          Path link = alone.resolve(name);
          if (Files.notExists(link)) {
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, plugin);
          }
        }
      }
    }
    return alone;
  }
}
