package io.orderflow.stack;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** Commands of the operating system. */
final class Shell {
  private static final String PATH = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");

  private Shell() {}

  /**
   * The words before a command that make it the leader of a session of its own, out of reach of a
   * terminal's Ctrl-C; none where the system has no such command (macOS).
   */
  static List<String> newSession() {
    return Arrays.stream(PATH.split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder, "setsid"))
        .filter(Files::isExecutable)
        .findFirst()
        .map(setsid -> List.of(setsid.toString()))
        .orElse(List.of());
  }

  /** Sends a signal, named without SIG; a process that is gone is no error. */
  static void signal(String name, LongStream pids) {
    List<String> command = new ArrayList<>(List.of("sh", "-c", "kill -s \"$@\"", "kill", name));
    pids.forEach(pid -> command.add(Long.toString(pid)));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException("Could not send the signal " + name, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("Interrupted while sending the signal " + name, e);
    }
  }

  /** Runs a command to its end, its output appended to {@code log}. */
  static void run(List<String> command, Path log) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      int status = process.waitFor();
      if (status != 0) {
        throw new StackException(
            command.get(0) + " ended with status " + status + ".\n" + LogTail.of(log));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Could not run " + command.get(0), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("Interrupted while running " + command.get(0), e);
    }
  }

  /** Runs a command and returns what it printed, without the line's end. */
  static String output(String... command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("Could not run " + command[0], e);
    }
  }
}
