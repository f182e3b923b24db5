package io.orderflow.benchmarks.sink;

/** A contestant at work. */
interface Running extends AutoCloseable {
  /** Its consumer group, whose committed offsets tell how far it is. */
  String group();

  /** Its process, whose CPU time counts. */
  long pid();

  /**
   * Returns while it works.
   *
   * @throws IllegalStateException with what is known, if it has failed
   */
  void failIfEnded();

  /** Stops, forgets its offsets and starts again. */
  void rewind();

  @Override
  void close();
}
