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
              "no replica identity can have the order ID",
              "No replica identity can contain it",
              tables ->
                  tables.is("stored generated column") || tables.is("virtual generated column")),
          new Refusal(
              "the shop's publication needs a replica identity that cannot be",
              "give the table a unique key that is NOT NULL, or remove it from the publication",
              tables -> tables.is("a publication of the shop")),
          new Refusal(
              "an order ID that cannot be changed has other texts in the items",
              "PostgreSQL cannot change this one: it, or one that refers to it, is inherited or part of a partition key",
              tables ->
                  tables.kinds().stream().anyMatch(kind -> kind.contains("partitioned by"))
                      && (tables.is("items' order ID char(12)")
                          || tables.is("nondeterministic collation"))),
          new Refusal(
              "inheritance",
              "so queries of it return their rows, but no capture of it sees their changes",
              tables -> tables.is("inheritance")));

  /** The true reason that a message gives. */
  static Optional<Refusal> of(String message, FuzzTables tables) {
    return ALL.stream()
        .filter(refusal -> message.contains(refusal.text()) && refusal.isTrue().test(tables))
        .findFirst();
  }
}
