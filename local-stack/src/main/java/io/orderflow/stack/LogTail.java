package io.orderflow.stack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The end of a log, for a message that reports a failure. */
final class LogTail {
  private static final int BYTES = 16_384;
  private static final int LINES = 40;

  private LogTail() {}

  /** Names the file, and gives its last lines. */
  static String of(Path log) {
    return "Log: " + log + "\nIts last lines:\n" + lastLines(log);
  }

  private static String lastLines(Path log) {
    try (SeekableByteChannel channel = Files.newByteChannel(log)) {
      channel.position(Math.max(0, channel.size() - BYTES));
      ByteBuffer end = ByteBuffer.allocate(BYTES);
      while (end.hasRemaining() && channel.read(end) >= 0) {}
      String text = new String(end.array(), 0, end.position(), StandardCharsets.UTF_8);
      List<String> lines = text.lines().toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
    } catch (IOException e) {
      return "(could not be read: " + e + ')';
    }
  }
}
