package io.orderflow.it.runbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.stack.Checkout;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The benchmark commands of the pages are run with little data, and for our connectors alone. They
 * build the connectors, so they run in a copy of the checkout: this test runs on the files that
 * they would replace.
 */
@RunbookTest
class RunbookBenchmarksIT {

  private static final Path COPY = Checkout.root().resolve("integration-tests/target/checkout");

  /** The options that make each command short, and the beginning of a line of its table. */
  private static final Map<String, Map.Entry<String, String>> SMALL =
      Map.of(
          "./benchmarks/run.sh source",
          Map.entry(
              " --quick --count 4000 --tasks 1,2 --workload snapshot --contestant orderflow-query",
              "| orderflow, query | 2 "),
          "./benchmarks/run.sh sink",
          Map.entry(
              " --quick --count 4000 --tasks 1,2 --contestant orderflow", "| orders, replayed"),
          "./benchmarks/run.sh start-up",
          Map.entry(" --rounds 1 --only connectors", "| Orderflow's sink"));

  @Test
  void benchmarksOfThePagesRun() throws Exception {
    // Given
    copyCheckout();
    List<String> commands =
        Stream.of("capacity.md", "start-up.md")
            .flatMap(page -> Runbook.read(page).blocks().stream())
            .flatMap(block -> block.text().lines())
            .toList();

    // Then
    assertEquals(SMALL.keySet(), commands.stream().collect(Collectors.toSet()));
    for (String command : commands) {
      Map.Entry<String, String> small = Objects.requireNonNull(SMALL.get(command));
      String printed = run(command + small.getKey());
      assertTrue(printed.contains(small.getValue()), () -> command + '\n' + printed);
    }
  }

  private static void copyCheckout() throws IOException {
    Path root = Checkout.root();
    Set<String> others = Set.of("target", ".git");
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            if (others.contains(String.valueOf(folder.getFileName()))) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            Files.createDirectories(COPY.resolve(root.relativize(folder)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(
                file,
                COPY.resolve(root.relativize(file)),
                StandardCopyOption.COPY_ATTRIBUTES,
                StandardCopyOption.REPLACE_EXISTING);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static String run(String command) throws IOException, InterruptedException {
    Path output = COPY.resolve("printed");
    Process process =
        new ProcessBuilder("bash", "-c", command)
            .directory(COPY.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(20, TimeUnit.MINUTES);
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    String printed = Files.readString(output);
    assertTrue(ended, () -> "Not within 20 min: " + command + '\n' + printed);
    assertEquals(0, process.exitValue(), () -> command + '\n' + printed);
    return printed;
  }
}
