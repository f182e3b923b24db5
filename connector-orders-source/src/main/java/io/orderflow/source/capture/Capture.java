package io.orderflow.source.capture;

import java.sql.SQLException;
import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * A way to read changes. It only reads: {@link CaptureLoop} waits, retries and maps failures. One
 * thread polls and disconnects; any may report deliveries and stop it.
 */
public interface Capture extends AutoCloseable {

  /** How soon the next poll should come. */
  enum Pace {
    /** More can be read at once, or the capture itself waits for changes. */
    AT_ONCE,
    /** Something was read, and that was all. */
    CAUGHT_UP,
    /** Nothing was read. */
    IDLE,
    /** It is not known yet whether anything can be read; the capture itself has waited. */
    PENDING
  }

  /** The records of one poll. */
  record Polled(List<SourceRecord> records, Pace pace) {

    /** The poll has only waited for a step that still runs, and may fail. */
    public static Polled pending() {
      return new Polled(List.of(), Pace.PENDING);
    }
  }

  /**
   * Reads the next records.
   *
   * @throws SQLException after which {@link #disconnect} is called before the next poll, if it is
   *     transient
   */
  Polled poll() throws SQLException, InterruptedException;

  /** Called instead of a poll while the loop waits, and after a poll that has failed. */
  default void pollSkipped() {}

  /** Closes the connection and forgets the server: the next connection may reach another one. */
  void disconnect();

  /** Called once for each record that Kafka has, or that a transformation has filtered. */
  default void delivered(SourceRecord record) {}

  /** Called when Connect has committed the offsets of delivered records. */
  default void committed() {}

  /** Ends a wait at once, and a read soon. */
  void stop();

  @Override
  void close();
}
