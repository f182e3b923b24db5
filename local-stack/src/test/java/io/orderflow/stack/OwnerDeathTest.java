package io.orderflow.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnerDeathTest {
  @Test
  void nothingIsLeftAfterTheOwnerWasKilled(@TempDir Path parent) throws Exception {
    // Given
    Process owner = startOwner(parent);
    try (var output =
        new BufferedReader(new InputStreamReader(owner.getInputStream(), StandardCharsets.UTF_8))) {
      String line = output.readLine();
      assertTrue(line != null, "The owner ended before its stack had started");
      String[] words = line.split(" ", -1);
      Path folder = Path.of(words[0]);
      List<ProcessHandle> processes =
          Arrays.stream(words)
              .skip(2)
              .map(pid -> ProcessHandle.of(Long.parseLong(pid)).orElseThrow())
              .flatMap(server -> Stream.concat(Stream.of(server), server.descendants()))
              .toList();
      assertTrue(processes.size() > 3, "PostgreSQL has processes of its own: " + processes);

      // When
      owner.destroyForcibly().waitFor();

      // Then
      Polling.until(
          "all processes are gone",
          Duration.ofSeconds(30),
          () -> processes.stream().filter(ProcessHandle::isAlive).toList(),
          List::isEmpty);
      Polling.until(
          "the folder is gone",
          Duration.ofSeconds(30),
          () -> Files.exists(folder),
          exists -> !exists);
      try (Stream<Path> left = Files.list(parent)) {
        assertEquals(List.of(), left.toList());
      }
    } finally {
      owner.destroyForcibly();
    }
  }

  private static Process startOwner(Path parent) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dorderflow.root=" + Checkout.root(),
            "-cp",
            System.getProperty("java.class.path"),
            OwnerProcess.class.getName(),
            parent.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
