package io.orderflow.quickstart.view;

import io.orderflow.quickstart.observe.Figures;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/**
 * Shows the demo: on a terminal, as a board below the printed lines, drawn in place; elsewhere, as
 * a line every few seconds. Thread-safe.
 */
public final class View implements AutoCloseable {

  /** ANSI control sequences. Without wrapping, the terminal cuts lines that are too long. */
  private static final String NO_WRAPPING = "\033[?7l";

  private static final String WRAPPING = "\033[?7h";
  private static final String ERASE_BELOW = "\033[J";

  private final PrintStream out;
  private final boolean terminal;
  private List<String> drawn = List.of();

  private View(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /**
   * The view that suits the standard output. Java has no portable way to ask for a terminal before
   * version 22, so quickstart.sh passes the answer as a system property.
   */
  public static View ofStandardOutput() {
    return Boolean.getBoolean("orderflow.terminal") ? board(System.out) : lines(System.out);
  }

  static View board(PrintStream terminal) {
    return new View(terminal, true);
  }

  static View lines(PrintStream out) {
    return new View(out, false);
  }

  /** The pause between two calls of {@link #show}. */
  public Duration every() {
    return terminal ? Duration.ofMillis(250) : Duration.ofSeconds(3);
  }

  /** Shows the figures of this moment. */
  public synchronized void show(Figures figures) {
    if (terminal) {
      erase();
      draw(Board.lines(figures));
    } else {
      say(Board.line(figures));
    }
  }

  /** Prints a line that stays. */
  public synchronized void say(String line) {
    List<String> board = drawn;
    erase();
    out.println(line);
    draw(board);
  }

  private void erase() {
    if (!drawn.isEmpty()) {
      out.print("\033[" + drawn.size() + 'A' + ERASE_BELOW);
    }
  }

  private void draw(List<String> board) {
    if (!board.isEmpty()) {
      out.println(NO_WRAPPING + String.join(System.lineSeparator(), board) + WRAPPING);
    }
    out.flush();
    drawn = board;
  }

  /** Leaves the last board on the screen; later lines are printed below it. */
  @Override
  public synchronized void close() {
    drawn = List.of();
    out.flush();
  }
}
