package io.orderflow.benchmarks.sink;

import io.orderflow.stack.StackBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The folder that {@code ORDERFLOW_OTHER_SINKS} names, see README.md. */
record OtherSinks(Optional<Path> folder) {

  static OtherSinks ofThisProcess() {
    return new OtherSinks(
        Optional.ofNullable(System.getenv("ORDERFLOW_OTHER_SINKS")).map(Path::of));
  }

  /** Makes their plugins known to the worker. */
  void addTo(StackBuilder stack) {
    folder.ifPresent(
        named -> {
          stack.pluginArchives(files(named, ".zip"));
          files(named, "").stream().filter(Files::isDirectory).forEach(stack::pluginFolder);
        });
  }

  List<OtherSink> read(Connectors connectors) {
    return folder.stream()
        .flatMap(named -> files(named, ".json").stream())
        .map(file -> OtherSink.read(connectors, file))
        .toList();
  }

  private static List<Path> files(Path folder, String suffix) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Could not list ORDERFLOW_OTHER_SINKS=" + folder, e);
    }
  }
}
