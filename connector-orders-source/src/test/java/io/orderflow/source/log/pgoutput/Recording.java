package io.orderflow.source.log.pgoutput;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** The messages that a real server sent; LogRecordingTest makes the file. */
record Recording(Streaming streaming, String made, String hex) {

  private static final List<Recording> ALL = read();

  byte[] bytes() {
    return HexFormat.of().parseHex(hex);
  }

  /** All, in the order in which they were sent. */
  static List<Recording> all() {
    return ALL;
  }

  /** What was made of one step, decoded. */
  static List<LogMessage> decoded(Streaming streaming, String made) {
    PgOutputDecoder decoder = new PgOutputDecoder(streaming);
    List<LogMessage> messages =
        ALL.stream()
            .filter(line -> line.streaming == streaming && line.made.equals(made))
            .map(line -> decoder.decode(ByteBuffer.wrap(line.bytes())))
            .toList();
    if (messages.isEmpty()) {
      throw new IllegalArgumentException("nothing was recorded of: " + made);
    }
    return messages;
  }

  /** Those of one kind, among what was made of one step. */
  static <T> List<T> decoded(Streaming streaming, String made, Class<T> kind) {
    return decoded(streaming, made).stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** The only one of its kind. */
  static <T> T only(String made, Class<T> kind) {
    List<T> messages = decoded(Streaming.OFF, made, kind);
    if (messages.size() != 1) {
      throw new IllegalArgumentException(made + ": expected one, found " + messages.size());
    }
    return messages.get(0);
  }

  private static List<Recording> read() {
    try (InputStream file = Recording.class.getResourceAsStream("/pgoutput/recorded.txt")) {
      String text = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
      List<Recording> lines = new ArrayList<>();
      text.lines().filter(line -> !line.startsWith("#")).map(Recording::of).forEach(lines::add);
      return List.copyOf(lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Recording of(String line) {
    int comment = line.indexOf(" # ");
    int colon = line.indexOf(": ", comment);
    return new Recording(
        Streaming.valueOf(line.substring(comment + 3, colon).toUpperCase(Locale.ROOT)),
        line.substring(colon + 2),
        line.substring(0, comment));
  }
}
