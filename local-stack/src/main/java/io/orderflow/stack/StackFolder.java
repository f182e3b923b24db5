package io.orderflow.stack;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The folder that holds all files of one stack, and the reaper: a process that outlives the owner
 * of the stack by a moment, ends what the stack started and removes the folder. It is the only way
 * in which a stack ends, so that an owner's close, crash and kill -9 leave the same: nothing.
 */
final class StackFolder implements AutoCloseable {

  /** It kills within 10 s, but a busy disk may take minutes to remove the folder. */
  private static final long REAPER_SECONDS = 300;

  private final Path path;
  private final Process reaper;

  private StackFolder(Path path, Process reaper) {
    this.path = path;
    this.reaper = reaper;
  }

  /** Creates a new folder inside {@code parent}. */
  static StackFolder create(Path parent) {
    try {
      Files.createDirectories(parent);
      Path path = Files.createTempDirectory(parent.toAbsolutePath(), "orderflow-stack-");
      Files.createDirectory(path.resolve("logs"));
      Files.createDirectory(path.resolve("pids"));
      return new StackFolder(path, startReaper(parent, path));
    } catch (IOException e) {
      throw new UncheckedIOException("Could not create the stack's folder in " + parent, e);
    }
  }

  private static Process startReaper(Path parent, Path path) throws IOException {
    String script;
    try (InputStream resource = StackFolder.class.getResourceAsStream("reaper.sh")) {
      if (resource == null) {
        throw new StackException("reaper.sh is missing beside " + StackFolder.class);
      }
      script = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    }
    List<String> command = new ArrayList<>(Shell.newSession());
    command.addAll(List.of("sh", "-c", script, "orderflow-reaper", path.toString()));
    return new ProcessBuilder(command)
        .directory(parent.toFile())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  Path path() {
    return path;
  }

  Path logs() {
    return path.resolve("logs");
  }

  Path pids() {
    return path.resolve("pids");
  }

  /** The logs outlive the stack. */
  void keepLogs() {
    send("keep");
  }

  private synchronized void send(String line) {
    try {
      OutputStream input = reaper.getOutputStream();
      input.write((line + '\n').getBytes(StandardCharsets.UTF_8));
      input.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("The reaper of " + path + " is gone", e);
    }
  }

  /** Ends all processes and returns once they are gone; again, it does nothing. */
  @Override
  public synchronized void close() {
    try {
      reaper.getOutputStream().close();
      if (!reaper.waitFor(REAPER_SECONDS, TimeUnit.SECONDS)) {
        throw new StackException(
            "The stack in %s is not gone after %d s; its processes are listed in its folder pids"
                .formatted(path, REAPER_SECONDS));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Could not end the stack in " + path, e);
    } catch (InterruptedException e) {
      // The reaper continues by itself.
      Thread.currentThread().interrupt();
    }
  }
}
