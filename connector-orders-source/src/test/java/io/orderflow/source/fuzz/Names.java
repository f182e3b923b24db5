package io.orderflow.source.fuzz;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Legal names of tables and columns, mostly such as need quotes; no two of them are the same. */
final class Names {

  private static final List<String> HOSTILE =
      List.of(
          "order",
          "user",
          "group",
          "select",
          "Order",
          "ORDER ID",
          "a.b",
          "qu\"ote",
          "tick'",
          "semi;colon",
          "Größe",
          "back\\slash",
          "$$",
          "${xid}",
          "--",
          "/*",
          "%s",
          "?",
          "new",
          "old",
          "ctid'",
          "x-y",
          "1st",
          "n'\"",
          "{a}",
          "[b]",
          ":c",
          "@",
          "#",
          "touched",
          "o",
          "i",
          "d",
          "locked",
          "t\tb");

  private static final int MAX_BYTES = 63;

  private final Draw draw;
  private final boolean hostile;
  private final Set<String> used = new HashSet<>();

  /** Names of which some need quotes, or none. */
  Names(Draw draw, boolean hostile) {
    this.draw = draw;
    this.hostile = hostile;
  }

  String next() {
    return next("c" + used.size());
  }

  /** A name that may be the given one. */
  String next(String plain) {
    String name = plain;
    if (hostile && draw.flip()) {
      name = draw.oneIn(8) ? longest() : draw.of(HOSTILE);
    }
    while (!used.add(name)) {
      name = plain + used.size();
    }
    return name;
  }

  /** Sequences of a table's columns have names of the columns' first characters. */
  private String longest() {
    String start = "x" + used.size();
    return start + "x".repeat(MAX_BYTES - 1 - start.length());
  }
}
