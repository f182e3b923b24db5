package io.orderflow.benchmarks.sink;

import io.orderflow.benchmarks.measure.AtWork;

/** A contestant that reads a topic. */
interface Running extends AtWork {
  /** Its consumer group, whose committed offsets tell how far it is. */
  String group();

  /** Stops, forgets its offsets and starts again. */
  void rewind();
}
