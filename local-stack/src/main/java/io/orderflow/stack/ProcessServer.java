package io.orderflow.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A server that runs as a process of its own on this machine. */
public abstract class ProcessServer implements ControlledServer {
  private final ServerProcess process;
  private final Duration readyWithin;

  ProcessServer(ServerProcess process, Duration readyWithin) {
    this.process = process;
    this.readyWithin = readyWithin;
  }

  /** Empty if the server answers, else the answer or the failure that was found instead. */
  abstract Optional<String> probe() throws InterruptedException;

  final void awaitReady() {
    process.awaitReady(readyWithin, this::probe);
  }

  @Override
  public void start() {
    process.launch();
    awaitReady();
  }

  @Override
  public final void stop() {
    process.stop();
  }

  @Override
  public void killHard() {
    process.killHard();
  }

  @Override
  public final void pause() {
    process.pause();
  }

  @Override
  public final void resume() {
    process.resume();
  }

  @Override
  public final boolean isRunning() {
    return process.isRunning();
  }

  /**
   * The ID of the process.
   *
   * @throws StackException if it does not run
   */
  public final long pid() {
    return process.pid();
  }

  /** The output of the process, over all its starts. */
  public final Path logFile() {
    return process.logFile();
  }
}
