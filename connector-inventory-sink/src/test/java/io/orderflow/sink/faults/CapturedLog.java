package io.orderflow.sink.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Captures the log, which goes to the standard error in tests. */
final class CapturedLog implements AutoCloseable {

  private final PrintStream before = System.err;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private CapturedLog() {}

  static CapturedLog begin() {
    CapturedLog log = new CapturedLog();
    System.setErr(new PrintStream(log.bytes, true, StandardCharsets.UTF_8));
    return log;
  }

  /** The sink's lines of warnings and errors; a killed test server writes some of its own. */
  List<String> warnings() {
    return bytes
        .toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.contains(" WARN io.orderflow") || line.contains(" ERROR io.orderflow"))
        .toList();
  }

  /** An outage costs one line for each of its causes, however long it lasts. */
  void assertOneWarningForEachCause() {
    List<String> causes =
        warnings().stream().map(line -> line.replaceAll(".*SQLSTATE (\\w{5}).*", "$1")).toList();
    assertFalse(causes.isEmpty());
    assertEquals(causes.stream().distinct().toList(), causes, warnings().toString());
  }

  List<String> with(String text) {
    return bytes.toString(StandardCharsets.UTF_8).lines().filter(l -> l.contains(text)).toList();
  }

  @Override
  public void close() {
    System.setErr(before);
    before.print(bytes.toString(StandardCharsets.UTF_8));
  }
}
