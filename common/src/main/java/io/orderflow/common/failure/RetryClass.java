package io.orderflow.common.failure;

/** The reason for another attempt; see {@link SqlFailures#retryClass}. */
public enum RetryClass {
  /** The connection was lost or refused, or could not be established in time. */
  CONNECTION,
  /** Another transaction interfered: a deadlock or a serialization failure. */
  CONFLICT,
  /** A statement or transaction took too long. */
  TIMEOUT,
  /** The server is out of connections, memory or disk. */
  RESOURCES,
  /** The server is shutting down, starting, or read-only. */
  UNAVAILABLE,
  /** Any other transient failure. */
  OTHER
}
