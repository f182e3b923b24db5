package io.orderflow.sink.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Spreads the open lines of one order over locations, as far as they may be split. */
final class OrderLocations {

  private final LocationRules rules;
  private final List<OpenLine> lines;

  /** The locations where the order has reserved something. */
  private final Set<String> own = new LinkedHashSet<>();

  OrderLocations(LocationRules rules, List<OpenLine> lines) {
    this.rules = rules;
    this.lines = lines;
    lines.forEach(line -> own.addAll(line.held().keySet()));
  }

  /**
   * Places each line completely.
   *
   * @return for each line, what it takes at each location; null for a line that does not fit
   */
  List<@Nullable Map<String, Long>> place() {
    List<@Nullable Map<String, Long>> staying = new ArrayList<>();
    lines.forEach(line -> staying.add(stay(line)));
    if (!staying.contains(null)) {
      return staying;
    }
    if (own.isEmpty() || rules.split() == LocationSplit.NONE) {
      String one = oneForAll();
      if (one != null) {
        staying.clear();
        lines.forEach(line -> staying.add(line.at(one)));
        return staying;
      }
    }
    if (rules.split() == LocationSplit.NONE) {
      staying.replaceAll(pieces -> null);
      return staying;
    }
    for (int i = 0; i < lines.size(); i++) {
      if (staying.get(i) == null) {
        staying.set(i, move(lines.get(i)));
      }
    }
    return staying;
  }

  /** The line where it is, or a new line of a known order where the others are; null if not. */
  private @Nullable Map<String, Long> stay(OpenLine line) {
    if (line.need() == 0) {
      return Map.of();
    }
    if (line.isUnchanged()) {
      return line.held();
    }
    if (line.held().isEmpty()) {
      String other = own.stream().filter(line::fitsAt).findFirst().orElse(null);
      return other == null ? null : line.at(other);
    }
    Map<String, Long> pieces = line.stay(line.held().keySet());
    return line.isCompleteWith(pieces) ? pieces : null;
  }

  /** The location with enough for all lines that the policy prefers; null if there is none. */
  private @Nullable String oneForAll() {
    Stream<String> fitting =
        candidates().filter(location -> lines.stream().allMatch(line -> line.fitsAt(location)));
    return rules.policy() == LocationPolicy.MOST_STOCK
        ? fitting
            .max(
                Comparator.comparingLong(this::leastLeftAt)
                    .thenComparing(Comparator.reverseOrder()))
            .orElse(null)
        : fitting.findFirst().orElse(null);
  }

  /** What remains at a location of the scarcest line, if all take their quantities there. */
  private long leastLeftAt(String location) {
    return lines.stream().mapToLong(line -> line.restAt(location)).min().orElse(0);
  }

  /** The locations where a line could be, the order's own ones first. */
  private Stream<String> candidates() {
    return Stream.concat(
            own.stream(),
            lines.stream()
                .filter(line -> line.need() > 0)
                .flatMap(line -> line.candidates().stream()))
        .distinct();
  }

  /** A line without its place, at another location or, if it may be split, at several. */
  private @Nullable Map<String, Long> move(OpenLine line) {
    boolean maySplit = rules.split() == LocationSplit.QUANTITIES;
    if (!maySplit || line.held().isEmpty()) {
      String one =
          Stream.concat(own.stream(), line.candidates().stream())
              .filter(line::fitsAt)
              .findFirst()
              .orElse(null);
      if (one != null) {
        return line.at(one);
      }
    }
    Map<String, Long> pieces = maySplit ? line.stay(everywhere(line)) : Map.of();
    return line.isCompleteWith(pieces) ? pieces : null;
  }

  /** Where a line is, where the rest of its order is, and wherever else it may be. */
  private List<String> everywhere(OpenLine line) {
    return Stream.of(line.held().keySet(), own, line.candidates())
        .flatMap(Collection::stream)
        .distinct()
        .toList();
  }

  /**
   * Places as much of each line as possible, without regard to what is to be shipped.
   *
   * @return for each line, what it takes at each location; empty if nothing is available
   */
  List<Map<String, Long>> placePart() {
    return switch (rules.split()) {
      case QUANTITIES -> lines.stream().map(line -> line.stay(everywhere(line))).toList();
      case LINES -> lines.stream().map(this::part).toList();
      case NONE -> partsAtOneLocation();
    };
  }

  private Map<String, Long> part(OpenLine line) {
    Map<String, Long> staying = line.stay(line.held().keySet());
    return staying.isEmpty()
        ? mostOf(everywhere(line).stream(), location -> OpenLine.quantity(line.partAt(location)))
            .map(line::partAt)
            .orElse(Map.of())
        : staying;
  }

  private List<Map<String, Long>> partsAtOneLocation() {
    List<Map<String, Long>> staying = lines.stream().map(this::partWhereOrderIs).toList();
    if (staying.stream().anyMatch(pieces -> !pieces.isEmpty())) {
      return staying;
    }
    String one = mostOf(candidates(), this::partOfAllAt).orElse(null);
    return lines.stream()
        .map(line -> one == null ? Map.<String, Long>of() : line.partAt(one))
        .toList();
  }

  private Map<String, Long> partWhereOrderIs(OpenLine line) {
    return line.stay(line.held().isEmpty() ? own : line.held().keySet());
  }

  private long partOfAllAt(String location) {
    return lines.stream()
        .mapToLong(line -> OpenLine.quantity(line.partAt(location)))
        .reduce(0, Sourcing::sum);
  }

  /** The first of the locations that have most. */
  private static Optional<String> mostOf(
      Stream<String> locations, ToLongFunction<String> quantity) {
    return locations.reduce(
        (best, other) -> quantity.applyAsLong(other) > quantity.applyAsLong(best) ? other : best);
  }
}
