package io.orderflow.common.failure;

/** What makes another attempt necessary, as {@link SqlFailures#retryClass} tells. */
public enum RetryClass {
  /** The connection was lost or refused, or none came in time. */
  CONNECTION,
  /** Another transaction was faster: a deadlock, a serialization failure, a lost race. */
  CONFLICT,
  /** A statement or transaction took too long. */
  TIMEOUT,
  /** The server is out of connections, memory or disk. */
  RESOURCES,
  /** The server shuts down, starts, or is read-only. */
  UNAVAILABLE,
  /** Any other transient failure. */
  OTHER
}
