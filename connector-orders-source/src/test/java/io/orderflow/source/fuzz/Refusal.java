package io.orderflow.source.fuzz;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A reason for which tables are refused and that no SQL removes.
 *
 * @param text a part of the message
 * @param isTrue whether it holds for the tables
 */
record Refusal(String reason, String text, Predicate<FuzzTables> isTrue) {

  private static final List<Refusal> ALL =
      List.of(
          new Refusal(
              "query capture of partitioned orders",
              "is partitioned, and query capture needs an index",
              tables -> tables.is("orders partitioned by hash")));

  /** The true reason that a message gives. */
  static Optional<Refusal> of(String message, FuzzTables tables) {
    return ALL.stream()
        .filter(refusal -> message.contains(refusal.text()) && refusal.isTrue().test(tables))
        .findFirst();
  }
}
