package io.orderflow.sink.plan;

import io.orderflow.sink.update.StockItem;
import java.util.List;

/**
 * How the location of a line is chosen if the line names none.
 *
 * @param locations listed locations, the most preferred first
 */
public record LocationRules(LocationPolicy policy, List<String> locations, LocationSplit split) {

  /** Lines that name no location use stock without a location. */
  public static final LocationRules NONE =
      new LocationRules(LocationPolicy.NONE, List.of(), LocationSplit.NONE);

  public LocationRules {
    locations = List.copyOf(locations);
  }

  /** Whether a location is chosen for lines that name none. */
  public boolean areInUse() {
    return policy != LocationPolicy.NONE;
  }

  /** The only locations that may be chosen, the most preferred first; empty if all may be. */
  public List<String> candidates() {
    return policy == LocationPolicy.FIXED ? locations.subList(0, 1) : locations;
  }

  /** The location of goods whose record names none, such as those of a first receipt. */
  public String ofReceipts() {
    return locations.isEmpty() ? StockItem.NO_LOCATION : locations.get(0);
  }
}
