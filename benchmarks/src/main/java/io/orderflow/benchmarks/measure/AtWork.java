package io.orderflow.benchmarks.measure;

/** A contestant at work. */
public interface AtWork extends AutoCloseable {
  /** Its process, whose CPU time counts. */
  long pid();

  /**
   * Returns while it works.
   *
   * @throws IllegalStateException with what is known, if it has failed
   */
  void failIfEnded();

  @Override
  void close();
}
