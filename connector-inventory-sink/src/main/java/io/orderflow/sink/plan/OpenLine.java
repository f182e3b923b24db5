package io.orderflow.sink.plan;

import io.orderflow.sink.update.Effect;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

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
 * @param goods by location of free, the part of it that may be shipped; less than free if goods are
 *     missing that the order has reserved
 * @param candidates locations that may be chosen and have a row, the most preferred first
 */
record OpenLine(
    String sku,
    long reserved,
    long shipped,
    Map<String, Long> settled,
    Map<String, Long> held,
    Map<String, Long> free,
    Map<String, Long> goods,
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
    return restAt(location) >= 0 && shipped <= shippableAt(location);
  }

  /**
   * Whether the order has reserved exactly what it needs, and its lines that name a location leave
   * it there: nothing is to be moved.
   */
  boolean isUnchanged() {
    return shipped == 0
        && reserved == quantity(held)
        && held.entrySet().stream()
            .allMatch(at -> at.getValue() <= free.getOrDefault(at.getKey(), 0L));
  }

  /**
   * Keeps the line where it is, and takes what is lacking from other locations.
   *
   * @param others in the order in which they serve
   * @return by location, what is taken there; less than the need if others do not suffice
   */
  Map<String, Long> stay(Collection<String> others) {
    Map<String, Long> pieces = new LinkedHashMap<>();
    take(pieces, shipped, others, this::shippableAt);
    take(pieces, reserved, others, location -> free.getOrDefault(location, 0L));
    return pieces;
  }

  /** Takes a quantity where the line is, and what is lacking from other locations. */
  private void take(
      Map<String, Long> pieces,
      long quantity,
      Collection<String> others,
      ToLongFunction<String> atMost) {
    long lacking = quantity;
    for (Map.Entry<String, Long> at : held.entrySet()) {
      long kept = Math.min(at.getValue(), atMost.applyAsLong(at.getKey()));
      lacking -= take(pieces, at.getKey(), lacking, kept);
    }
    for (String location : others) {
      lacking -= take(pieces, location, lacking, atMost.applyAsLong(location));
    }
  }

  private long shippableAt(String location) {
    return Math.min(free.getOrDefault(location, 0L), goods.getOrDefault(location, 0L));
  }

  /** Takes a quantity from a location, or what is left of the most that may be taken there. */
  private static long take(Map<String, Long> pieces, String location, long lacking, long atMost) {
    long left = Math.max(0, atMost - pieces.getOrDefault(location, 0L));
    long quantity = Math.min(lacking, left);
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
    return quantity(pieces) == need() && canShipFrom(pieces);
  }

  /** Whether there are goods in the pieces for everything that is newly shipped. */
  boolean canShipFrom(Map<String, Long> pieces) {
    return shipped
        <= pieces.entrySet().stream()
            .mapToLong(piece -> Math.min(piece.getValue(), shippableAt(piece.getKey())))
            .sum();
  }

  static long quantity(Map<String, Long> pieces) {
    return pieces.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * The effect at each location.
   *
   * @param pieces what the line takes at each location, of which the first goods are shipped; with
   *     enough of them
   */
  Map<String, Effect> effects(Map<String, Long> pieces) {
    Map<String, Effect> effects = new LinkedHashMap<>();
    settled.forEach((location, gone) -> effects.put(location, new Effect(0, -gone)));
    long toShip = shipped;
    for (Map.Entry<String, Long> piece : pieces.entrySet()) {
      long gone = Math.min(toShip, Math.min(piece.getValue(), shippableAt(piece.getKey())));
      toShip -= gone;
      effects.merge(piece.getKey(), new Effect(piece.getValue() - gone, -gone), Effect::plus);
    }
    return effects;
  }
}
