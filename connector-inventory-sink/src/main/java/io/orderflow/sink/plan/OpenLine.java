package io.orderflow.sink.plan;

import io.orderflow.sink.update.Effect;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A line of an order whose location is to be chosen: what of an SKU is to be reserved, and what has
 * been shipped since the last version.
 *
 * @param reserved quantity to be reserved
 * @param shipped quantity that is newly shipped
 * @param settled by location, what was shipped there before and is not back: it stays there
 * @param held by location, what the order has reserved there, the most preferred first
 * @param free by location with a row, what the line may take there, 0 or more; of locations that
 *     may be chosen, in the order of preference, and of those of held
 * @param candidates locations that may be chosen and have a row, the most preferred first
 */
record OpenLine(
    String sku,
    long reserved,
    long shipped,
    Map<String, Long> settled,
    Map<String, Long> held,
    Map<String, Long> free,
    List<String> candidates) {

  /** The quantity to be placed; what exceeds the range of a long fits nowhere anyway. */
  long need() {
    return Sourcing.sum(reserved, shipped);
  }

  /**
   * What remains at a location if the whole line takes its quantity there; negative if it lacks.
   */
  long restAt(String location) {
    return free.getOrDefault(location, 0L) - need();
  }

  boolean fitsAt(String location) {
    return restAt(location) >= 0;
  }

  /** Whether the order has reserved exactly what it needs: nothing is to be moved. */
  boolean isUnchanged() {
    return shipped == 0 && reserved == quantity(held);
  }

  /**
   * Keeps the line where it is, and takes what is lacking from other locations.
   *
   * @param others in the order in which they serve
   * @return by location, what is taken there; less than the need if others do not suffice
   */
  Map<String, Long> stay(Collection<String> others) {
    Map<String, Long> pieces = new LinkedHashMap<>();
    long lacking = need();
    for (Map.Entry<String, Long> at : held.entrySet()) {
      long kept = Math.min(lacking, Math.min(at.getValue(), free.getOrDefault(at.getKey(), 0L)));
      lacking -= take(pieces, at.getKey(), kept);
    }
    for (String location : others) {
      long left = free.getOrDefault(location, 0L) - pieces.getOrDefault(location, 0L);
      lacking -= take(pieces, location, Math.min(lacking, left));
    }
    return pieces;
  }

  private static long take(Map<String, Long> pieces, String location, long quantity) {
    if (quantity > 0) {
      pieces.merge(location, quantity, Long::sum);
    }
    return quantity;
  }

  /** All of the line at one location. */
  Map<String, Long> at(String location) {
    return need() == 0 ? Map.of() : Map.of(location, need());
  }

  /** As much of the line as one location has. */
  Map<String, Long> partAt(String location) {
    long part = Math.min(need(), free.getOrDefault(location, 0L));
    return part == 0 ? Map.of() : Map.of(location, part);
  }

  boolean isCompleteWith(Map<String, Long> pieces) {
    return quantity(pieces) == need();
  }

  static long quantity(Map<String, Long> pieces) {
    return pieces.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * The effect at each location.
   *
   * @param pieces what the line takes at each location, of which the first are shipped; at least
   *     what is newly shipped
   */
  Map<String, Effect> effects(Map<String, Long> pieces) {
    Map<String, Effect> effects = new LinkedHashMap<>();
    settled.forEach((location, gone) -> effects.put(location, new Effect(0, -gone)));
    long toShip = shipped;
    for (Map.Entry<String, Long> piece : pieces.entrySet()) {
      long gone = Math.min(toShip, piece.getValue());
      toShip -= gone;
      effects.merge(piece.getKey(), new Effect(piece.getValue() - gone, -gone), Effect::plus);
    }
    return effects;
  }
}
