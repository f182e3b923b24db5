package io.orderflow.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginArchivesTest {
  @Test
  void archivesUnpackSideBySide(@TempDir Path folder) throws IOException {
    // Given
    Path one = archive(folder, "one.zip", "source-1.0/lib/source.jar");
    Path two = archive(folder, "two.zip", "sink-1.0/lib/sink.jar");
    Path plugins = folder.resolve("plugins");

    // When
    PluginArchives.unpack(List.of(one, two), plugins);

    // Then
    assertEquals("content", Files.readString(plugins.resolve("source-1.0/lib/source.jar")));
    assertEquals("content", Files.readString(plugins.resolve("sink-1.0/lib/sink.jar")));
  }

  @Test
  void entryThatPointsOutOfTheArchiveIsRefused(@TempDir Path folder) throws IOException {
    // Given
    Path archive = archive(folder, "bad.zip", "../outside.jar");

    // When
    assertThrows(
        StackException.class,
        () -> PluginArchives.unpack(List.of(archive), folder.resolve("plugins")));

    // Then
    assertFalse(Files.exists(folder.resolve("outside.jar")));
  }

  private static Path archive(Path folder, String name, String entry) throws IOException {
    Path file = folder.resolve(name);
    try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry(entry));
      zip.write("content".getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }
}
