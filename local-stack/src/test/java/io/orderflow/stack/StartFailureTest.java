package io.orderflow.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartFailureTest {
  @Test
  void failureNamesTheLogsAndTheirLastLinesAndKeepsThem(@TempDir Path parent) throws IOException {
    // Given
    StackBuilder builder =
        LocalStack.builder()
            .withoutKafka()
            .parentFolder(parent)
            .postgresSetting("shared_buffers", "plenty");

    // When
    StackException failure = assertThrows(StackException.class, builder::start);

    // Then
    Path folder = onlyEntry(parent);
    String message = failure.toString();
    assertTrue(message.contains(folder.resolve("logs").toString()), message);
    assertTrue(message.contains("shared_buffers"), message);
    assertEquals(folder.resolve("logs"), onlyEntry(folder));
    assertTrue(Files.readString(folder.resolve("logs/postgres.log")).contains("plenty"));
  }

  @Test
  void keptLogsAreAllThatOutlivesTheStack(@TempDir Path parent) throws IOException {
    // Given
    LocalStack stack = LocalStack.builder().withoutKafka().parentFolder(parent).start();

    // When
    stack.keepLogs();
    stack.close();
    stack.close();

    // Then
    assertEquals(stack.logs(), onlyEntry(stack.folder()));
  }

  private static Path onlyEntry(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> all = entries.toList();
      assertEquals(1, all.size(), all.toString());
      return all.get(0);
    }
  }
}
