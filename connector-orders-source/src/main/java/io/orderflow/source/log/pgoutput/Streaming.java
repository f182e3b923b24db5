package io.orderflow.source.log.pgoutput;

/** How the stream was asked to tell of large transactions that still run: {@code streaming}. */
public enum Streaming {
  /** Not before they are committed. */
  OFF,
  /** In blocks, while they run. */
  ON,
  /** In blocks, and each abort tells where and when it was. */
  PARALLEL
}
