package io.orderflow.quickstart.view;

import io.orderflow.quickstart.observe.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** The figures as lines of a terminal. */
final class Board {

  private static final int LABEL = 12;
  private static final int BAR = 28;
  private static final AttributedStyle DIM = AttributedStyle.DEFAULT.faint();
  private static final AttributedStyle BOLD = AttributedStyle.DEFAULT.bold();
  private static final AttributedStyle GREEN =
      AttributedStyle.DEFAULT.foreground(AttributedStyle.GREEN).bold();
  private static final AttributedStyle YELLOW =
      AttributedStyle.DEFAULT.foreground(AttributedStyle.YELLOW).bold();

  private final List<AttributedString> lines = new ArrayList<>();
  private final int width;

  private Board(int width) {
    this.width = width;
  }

  /** Lines no wider than given. */
  static List<AttributedString> of(Figures now, int width) {
    Board board = new Board(width);
    board.clock(now);
    board.line(
        "snapshot", BOLD, number(now.pastApplied()), "of %,d past orders applied", now.past());
    board.line("committed", BOLD, number(now.committed()), "order changes in the shop");
    board.line(
        "captured",
        BOLD,
        number(now.captured()),
        "of them in the topic, %,d events with the past orders",
        now.events());
    board.line("applied", BOLD, number(now.applied()), "of them in the warehouse");
    board.line(
        "latency",
        BOLD,
        String.format(Locale.ROOT, "%,.0f ms", now.latency().p50()),
        "p50, %,.0f ms p99 of the last 10 s, from commit to commit",
        now.latency().p99());
    board.line(
        "orders",
        BOLD,
        number(now.outcome("RESERVED")),
        "reserved, %,d rejected, %,d shipped, %,d released",
        now.outcome("REJECTED"),
        now.outcome("SHIPPED"),
        now.outcome("RELEASED"));
    board.line(
        "payments", BOLD, number(now.paymentsApplied()), "of %,d updates applied", now.payments());
    board.line(
        "lag", now.lag() > 5_000 ? YELLOW : GREEN, number(now.lag()), "changes on their way");
    board.line("tasks", BOLD, "", "%s", now.tasks());
    return board.lines;
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private void clock(Figures now) {
    double share =
        Math.min(1, (double) now.elapsed().toMillis() / Math.max(1, now.planned().toMillis()));
    int full = (int) Math.round(share * BAR);
    AttributedStringBuilder line = new AttributedStringBuilder();
    line.styled(BOLD, "Orderflow  ");
    line.styled(GREEN, "━".repeat(full)).styled(DIM, "━".repeat(BAR - full));
    line.append("  %d of %d s  ".formatted(now.elapsed().toSeconds(), now.planned().toSeconds()));
    line.styled(DIM, now.activity());
    add(line);
  }

  private void line(
      String label, AttributedStyle style, String value, String rest, Object... arguments) {
    AttributedStringBuilder line = new AttributedStringBuilder();
    line.styled(DIM, "  " + label + " ".repeat(Math.max(1, LABEL - label.length())));
    line.styled(style, "%10s".formatted(value));
    line.append("  " + String.format(Locale.ROOT, rest, arguments));
    add(line);
  }

  private void add(AttributedStringBuilder line) {
    lines.add(line.columnSubSequence(0, width - 1));
  }
}
