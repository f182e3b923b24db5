package io.orderflow.quickstart.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.quickstart.observe.Figures;
import io.orderflow.quickstart.observe.Percentiles;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ViewTest {

  private static final Figures FIGURES =
      new Figures(
          "the shop is open",
          Duration.ofSeconds(15),
          Duration.ofSeconds(30),
          10_000,
          9_990,
          1_234,
          1_230,
          11_220,
          1_200,
          new Percentiles(800, 62.4, 266.1),
          Map.of("RESERVED", 77L),
          300,
          290,
          "4 of 4 tasks running on 2 workers");

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @Test
  void lineHasNoControlSequencesAndKeepsPastOrdersApart() {
    // When
    View.lines(out).show(FIGURES);

    // Then
    String line = printed();
    assertFalse(line.contains("\033"), line);
    assertTrue(
        line.startsWith(
            " 15 s  past orders 9,990/10,000  committed 1,234  captured 1,230  applied 1,200"
                + "  latency 10 s p50 62 ms p99 266 ms"),
        line);
    assertTrue(line.contains("lag 54"), line);
  }

  @Test
  void boardIsDrawnOverTheOneBefore() {
    // Given
    View view = View.board(out);
    view.show(FIGURES);
    String first = printed();
    bytes.reset();

    // When
    view.show(FIGURES);

    // Then
    long lines = first.lines().count();
    assertEquals("\033[" + lines + "A\033[J" + first, printed());
  }

  @Test
  void saidLineStaysAboveTheBoard() {
    // Given
    View view = View.board(out);
    view.show(FIGURES);
    String board = printed();
    bytes.reset();

    // When
    view.say("kill -9");

    // Then
    long lines = board.lines().count();
    assertEquals("\033[" + lines + "A\033[Jkill -9\n" + board, printed());
  }

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}
