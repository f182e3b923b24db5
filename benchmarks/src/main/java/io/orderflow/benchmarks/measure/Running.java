package io.orderflow.benchmarks.measure;

/** A contestant's connector or program that was started. */
public interface Running extends AutoCloseable {
  /** The process whose CPU time counts. */
  long pid();

  /**
   * Does nothing while it works.
   *
   * @throws IllegalStateException with the trace or log, if it has failed
   */
  void failIfEnded();

  /** The consumer group of a sink; its committed offsets show the progress. */
  String group();

  /** Stops it; what it has processed stays committed. */
  void stop();

  /** Continues after {@link #stop} with what was committed. */
  void resume();

  /** Lets a stopped sink begin again at offset 0. */
  void deleteOffsets();

  @Override
  void close();
}
