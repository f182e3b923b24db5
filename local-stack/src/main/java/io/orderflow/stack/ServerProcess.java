package io.orderflow.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A server's process, from one launch to the next. Thread-safe.
 *
 * <p>The process writes its ID into the stack's folder before it becomes the server, so there is no
 * moment in which it runs and the reaper does not know of it. Once the folder is gone, nothing can
 * be launched.
 */
final class ServerProcess {
  /** The signals that stop the server cleanly and at once. */
  record Signals(String stop, String end) {
    static final Signals JAVA = new Signals("TERM", "KILL");

    /**
     * Fast and immediate shutdown. The postmaster's own death by KILL would leave its shared
     * memory.
     */
    static final Signals POSTGRES = new Signals("INT", "QUIT");
  }

  private static final String LAUNCH = "echo \"$$ $2\" >\"$1\" || exit 1; shift 2; exec \"$@\"";
  private static final long STOP_SECONDS = 60;

  private final String name;
  private final StackFolder folder;
  private final List<String> command;
  private final Signals signals;
  private final List<Path> pausedFiles = new ArrayList<>();
  private @Nullable Process process;
  private @Nullable Path pidFile;
  private int launches;

  ServerProcess(String name, StackFolder folder, List<String> command, Signals signals) {
    this.name = name;
    this.folder = folder;
    this.command = List.copyOf(command);
    this.signals = signals;
  }

  Path logFile() {
    return folder.logs().resolve(name + ".log");
  }

  /** Launches the process; it may take a while until it is ready. */
  synchronized void launch() {
    if (isRunning()) {
      return;
    }
    Path pids = folder.pids().resolve(name + '.' + ++launches);
    List<String> words = new ArrayList<>(Shell.newSession());
    words.addAll(List.of("sh", "-c", LAUNCH, name, pids.toString(), signals.end()));
    words.addAll(command);
    try {
      process =
          new ProcessBuilder(words)
              .directory(folder.path().toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()))
              .start();
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException("Could not launch " + name, e);
    }
    pidFile = pids;
    // Its ID may be given to another process from now on.
    var unused = process.onExit().thenRun(() -> delete(pids));
  }

  synchronized boolean isRunning() {
    return process != null && process.isAlive();
  }

  synchronized long pid() {
    return running().pid();
  }

  private Process running() {
    if (process == null || !process.isAlive()) {
      throw new StackException(name + " does not run");
    }
    return process;
  }

  /**
   * Returns once the server answers; fails at once if the process ends before.
   *
   * @param probe empty if the server answers, else the reason why it does not
   */
  void awaitReady(Duration timeout, Callable<Optional<String>> probe) {
    try {
      Polling.until(name + " is ready", timeout, () -> probe(probe), Optional::isEmpty);
    } catch (StackException e) {
      folder.keepLogs();
      throw new StackException(e.getMessage() + '\n' + LogTail.of(logFile()), e.getCause());
    }
  }

  private Optional<String> probe(Callable<Optional<String>> probe) throws Exception {
    if (!isRunning()) {
      throw new StackException(name + " ended instead of getting ready.");
    }
    return probe.call();
  }

  synchronized void stop() {
    if (!isRunning()) {
      return;
    }
    Process running = running();
    resume();
    Shell.signal(signals.stop(), LongStream.of(running.pid()));
    if (!awaitExit(running)) {
      killHard();
      throw new StackException(
          name + " did not stop within " + STOP_SECONDS + " s.\n" + LogTail.of(logFile()));
    }
  }

  synchronized void killHard() {
    if (!isRunning()) {
      return;
    }
    Process running = running();
    List<ProcessHandle> family = running.descendants().toList();
    running.destroyForcibly();
    family.forEach(ProcessHandle::destroyForcibly);
    if (!awaitExit(running)) {
      throw new StackException(name + " survives signal 9, process " + running.pid());
    }
    Polling.until(
        "the processes of " + name + " are gone",
        Duration.ofSeconds(STOP_SECONDS),
        () -> family.stream().filter(ProcessHandle::isAlive).toList(),
        List::isEmpty);
    forgetPaused();
  }

  /** Its child processes, too: PostgreSQL has one per connection. */
  synchronized void pause() {
    Process running = running();
    // The parent first: no children are born afterwards.
    Shell.signal("STOP", LongStream.of(running.pid()));
    long[] children = running.descendants().mapToLong(ProcessHandle::pid).toArray();
    if (children.length > 0) {
      Shell.signal("STOP", LongStream.of(children));
    }
    // A paused child does not notice that its parent is gone: the reaper must know each by itself.
    for (long child : children) {
      Path file = folder.pids().resolve(name + ".paused." + child);
      pausedFiles.add(file);
      try {
        Files.writeString(file, child + " KILL\n");
      } catch (IOException e) {
        throw new UncheckedIOException("Could not note the paused process " + child, e);
      }
    }
  }

  synchronized void resume() {
    Process running = running();
    forgetPaused();
    LongStream children = running.descendants().mapToLong(ProcessHandle::pid);
    Shell.signal("CONT", LongStream.concat(children, LongStream.of(running.pid())));
  }

  private void forgetPaused() {
    pausedFiles.forEach(ServerProcess::delete);
    pausedFiles.clear();
  }

  private boolean awaitExit(Process running) {
    try {
      boolean gone = running.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
      if (gone) {
        Optional.ofNullable(pidFile).ifPresent(ServerProcess::delete);
      }
      return gone;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("Interrupted while waiting for the end of " + name, e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not delete " + file, e);
    }
  }
}
