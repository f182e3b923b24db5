package io.orderflow.it.compatibility;

import io.orderflow.stack.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The result of each combination, as the table of docs/compatibility.md. */
final class ResultTable {
  private static final String BEGIN = "<!-- results -->\n";
  private static final String END = "<!-- /results -->\n";

  /**
   * The observations of one run.
   *
   * @param connect the worker's full version
   * @param metrics the JMX domain of the connectors' metrics
   * @param slotOnStandbys whether the server took {@code slot.failover}
   */
  record Seen(String connect, String metrics, boolean slotOnStandbys) {}

  private final Map<Combination, Seen> seen = new LinkedHashMap<>();
  private final Map<Combination, String> cells = new LinkedHashMap<>();

  /** Runs a combination and records its time, or that it failed. */
  void time(Combination versions, Supplier<Seen> run) {
    long began = System.nanoTime();
    cells.put(versions, "failed");
    seen.put(versions, run.get());
    cells.put(versions, Duration.ofNanos(System.nanoTime() - began).toSeconds() + " s");
  }

  /** Puts the table into the page; a run of some combinations alone leaves it as it is. */
  void write() throws IOException {
    if (!Combination.allAreWanted()) {
      return;
    }
    Path page = Checkout.root().resolve("docs/compatibility.md");
    String text = Files.readString(page);
    int from = text.indexOf(BEGIN);
    int to = text.indexOf(END);
    if (from < 0 || to < from) {
      throw new IllegalStateException("Expected the lines " + BEGIN + END + "in " + page);
    }
    Files.writeString(
        page,
        text.substring(0, from)
            + BEGIN
            + '\n'
            + table(List.copyOf(cells.keySet()))
            + '\n'
            + text.substring(to));
  }

  private String table(List<Combination> all) {
    List<String> postgres = all.stream().map(Combination::postgresVersion).distinct().toList();
    Stream<String> head =
        Stream.of(
            row("Connect", postgres.stream().map(v -> "PostgreSQL " + v), "metrics in"),
            "|" + "---|".repeat(postgres.size() + 2) + '\n');
    Stream<String> rows =
        all.stream().map(Combination::connect).distinct().map(connect -> row(connect, all));
    Stream<String> foot =
        Stream.of(
            row("`slot.failover`", postgres.stream().map(version -> slots(version, all)), ""));
    return Stream.of(head, rows, foot).flatMap(Function.identity()).collect(Collectors.joining());
  }

  private String row(String connect, List<Combination> all) {
    List<Combination> own = all.stream().filter(each -> each.connect().equals(connect)).toList();
    return row(
        said(own, Seen::connect, connect),
        own.stream().map(each -> Objects.requireNonNull(cells.get(each))),
        said(own, each -> '`' + each.metrics() + '`', ""));
  }

  private String slots(String postgres, List<Combination> all) {
    return said(
        all.stream().filter(each -> each.postgresVersion().equals(postgres)).toList(),
        each -> each.slotOnStandbys() ? "kept on standbys" : "no effect",
        "");
  }

  private String said(List<Combination> some, Function<Seen, String> what, String otherwise) {
    return seen.entrySet().stream()
        .filter(entry -> some.contains(entry.getKey()))
        .map(entry -> what.apply(entry.getValue()))
        .distinct()
        .reduce((one, other) -> one + ", " + other)
        .orElse(otherwise);
  }

  private static String row(String first, Stream<String> middle, String last) {
    return Stream.of(Stream.of(first), middle, Stream.of(last))
        .flatMap(Function.identity())
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }
}
