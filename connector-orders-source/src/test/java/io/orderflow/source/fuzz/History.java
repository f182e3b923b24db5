package io.orderflow.source.fuzz;

import java.util.List;

/**
 * What a shop does with its tables.
 *
 * @param before the steps before capture is installed
 * @param steps the steps while it captures
 */
record History(List<Step> before, List<Step> steps) {

  History withSteps(List<Step> fewer) {
    return new History(before, List.copyOf(fewer));
  }
}
