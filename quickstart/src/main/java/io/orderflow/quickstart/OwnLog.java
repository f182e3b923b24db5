package io.orderflow.quickstart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Where the log of this process goes, since on the screen it would draw over the view. The file
 * goes when the process ends, unless something went wrong.
 */
final class OwnLog {

  private final Path file;
  private final AtomicBoolean kept = new AtomicBoolean();

  private OwnLog(Path file) {
    this.file = file;
  }

  /** To be called before anything logs. */
  static OwnLog open() {
    try {
      OwnLog log = new OwnLog(Files.createTempFile("orderflow-quickstart-", ".log"));
      System.setProperty("org.slf4j.simpleLogger.logFile", log.file.toString());
      System.setProperty("org.slf4j.simpleLogger.showDateTime", "true");
      System.setProperty("org.slf4j.simpleLogger.dateTimeFormat", "yyyy-MM-dd HH:mm:ss.SSS");
      System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
      Runtime.getRuntime().addShutdownHook(new Thread(log::deleteUnlessKept));
      return log;
    } catch (IOException e) {
      throw new UncheckedIOException("Could not create a log file", e);
    }
  }

  /** Leaves the file, and returns it. */
  Path keep() {
    kept.set(true);
    return file;
  }

  private void deleteUnlessKept() {
    try {
      if (!kept.get()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
