package io.orderflow.benchmarks.measure;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** One program's process at a time, launched when it is first wanted. */
public final class ProgramSlot implements AutoCloseable {

  private final Path logs;
  private final Class<?> main;
  private @Nullable ProgramProcess process;

  /**
   * Launches nothing yet.
   *
   * @param main calls {@link JobLines#run}
   */
  public ProgramSlot(Path logs, Class<?> main) {
    this.logs = logs;
    this.main = main;
  }

  public ProgramProcess running() {
    ProgramProcess running = process;
    if (running == null) {
      running = ProgramProcess.launch(logs, main);
      process = running;
    }
    return running;
  }

  /** Ends it; the next one is new, and nothing in it is warm. */
  public void renew() {
    if (process != null) {
      process.close();
      process = null;
    }
  }

  @Override
  public void close() {
    renew();
  }
}
