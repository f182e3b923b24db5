package io.orderflow.source.log.pgoutput;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A message that a real server sent; LogRecordingTest makes the file.
 *
 * @param statements name of the statements for which the server sent it
 */
record Recording(String statements, String hex) {

  private static final String SEPARATOR = " # ";
  private static final List<Recording> ALL = read();

  byte[] bytes() {
    return HexFormat.of().parseHex(hex);
  }

  /** Whether capture has no use for the message: origins, types and logical decoding messages. */
  boolean isSkipped() {
    return "OYM".indexOf(bytes()[0]) >= 0;
  }

  /** All messages, in the order in which the server sent them. */
  static List<Recording> all() {
    return ALL;
  }

  /** The decoded messages of some statements, without those that are skipped. */
  static List<LogMessage> decoded(String statements) {
    List<Recording> recorded =
        ALL.stream().filter(line -> line.statements.equals(statements)).toList();
    if (recorded.isEmpty()) {
      throw new IllegalArgumentException("nothing was recorded of: " + statements);
    }
    return recorded.stream()
        .map(line -> PgOutputDecoder.decode(ByteBuffer.wrap(line.bytes())))
        .flatMap(Stream::ofNullable)
        .toList();
  }

  /** The decoded messages of one type. */
  static <T> List<T> decoded(String statements, Class<T> type) {
    return decoded(statements).stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** The only decoded message of its type. */
  static <T> T only(String statements, Class<T> type) {
    List<T> messages = decoded(statements, type);
    if (messages.size() != 1) {
      throw new IllegalArgumentException(
          statements + ": expected one message, found " + messages.size());
    }
    return messages.get(0);
  }

  private static List<Recording> read() {
    try (InputStream file = Recording.class.getResourceAsStream("/pgoutput/recorded.txt")) {
      String text = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(line -> !line.startsWith("#")).map(Recording::of).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Recording of(String line) {
    int comment = line.indexOf(SEPARATOR);
    return new Recording(line.substring(comment + SEPARATOR.length()), line.substring(0, comment));
  }
}
