package io.orderflow.quickstart.view;

import io.orderflow.quickstart.observe.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The figures as text: in colours for a terminal, or as one line. */
final class Board {

  private static final int BAR = 28;
  private static final int MAX_USUAL_LAG = 5_000;
  private static final String RESET = "\033[0m";
  private static final String DIM = "\033[2m";
  private static final String BOLD = "\033[1m";
  private static final String GREEN = "\033[1;32m";
  private static final String YELLOW = "\033[1;33m";

  private final List<String> lines = new ArrayList<>();

  private Board() {}

  /** Lines with the control sequences of a terminal. */
  static List<String> lines(Figures now) {
    Board board = new Board();
    board.lines.add(clock(now));
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
        now.latency().count() == 0 ? "none" : format("%,.0f ms", now.latency().p50()),
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
        "lag",
        now.lag() > MAX_USUAL_LAG ? YELLOW : GREEN,
        number(now.lag()),
        "changes on their way");
    board.line("tasks", BOLD, "", "%s", now.tasks());
    return board.lines;
  }

  private static String clock(Figures now) {
    double share =
        Math.min(1, (double) now.elapsed().toMillis() / Math.max(1, now.planned().toMillis()));
    int full = (int) Math.round(share * BAR);
    return format(
        "%sOrderflow  %s%s%s%s%s%s  %d of %d s  %s%s%s",
        BOLD,
        GREEN,
        "━".repeat(full),
        RESET,
        DIM,
        "━".repeat(BAR - full),
        RESET,
        now.elapsed().toSeconds(),
        now.planned().toSeconds(),
        DIM,
        now.activity(),
        RESET);
  }

  private void line(String label, String style, String value, String rest, Object... arguments) {
    lines.add(
        format("%s  %-12s%s%s%10s%s  ", DIM, label, RESET, style, value, RESET)
            + format(rest, arguments));
  }

  /** One line without control sequences. */
  static String line(Figures now) {
    return format(
        "%3d s  past orders %,d/%,d  committed %,d  captured %,d  applied %,d  latency %s"
            + "  reserved %,d  rejected %,d  shipped %,d  payments %,d  lag %,d  %s",
        now.elapsed().toSeconds(),
        now.pastApplied(),
        now.past(),
        now.committed(),
        now.captured(),
        now.applied(),
        now.latency().count() == 0
            ? "none in 10 s"
            : format("10 s p50 %,.0f ms p99 %,.0f ms", now.latency().p50(), now.latency().p99()),
        now.outcome("RESERVED"),
        now.outcome("REJECTED"),
        now.outcome("SHIPPED"),
        now.paymentsApplied(),
        now.lag(),
        now.tasks());
  }

  private static String number(long value) {
    return format("%,d", value);
  }

  private static String format(String text, Object... arguments) {
    return String.format(Locale.ROOT, text, arguments);
  }
}
