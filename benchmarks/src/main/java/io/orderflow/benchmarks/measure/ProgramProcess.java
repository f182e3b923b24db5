package io.orderflow.benchmarks.measure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orderflow.benchmarks.Benchmarks;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The process of a hand-written program, with the heap that the worker has. It ends with its
 * standard input, and so with this process, too.
 */
public record ProgramProcess(Process process, Path log) implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long STOP_SECONDS = 20;

  /**
   * Launches it.
   *
   * @param main reads jobs from standard input, a line of JSON each
   */
  public static ProgramProcess launch(Path logs, Class<?> main) {
    Path log = logs.resolve("program.log");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder =
        new ProcessBuilder(
            java,
            Benchmarks.HEAP,
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName());
    try {
      return new ProgramProcess(
          builder
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start(),
          log);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not launch the program", e);
    }
  }

  public long pid() {
    return process.pid();
  }

  /** Ends what it does, and begins the job. */
  public void tell(Record job) {
    try {
      OutputStream input = process.getOutputStream();
      input.write((JSON.writeValueAsString(job) + '\n').getBytes(StandardCharsets.UTF_8));
      input.flush();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Could not write a job", e);
    } catch (IOException e) {
      failIfEnded();
      throw new UncheckedIOException("Could not tell the program its job", e);
    }
  }

  /** Returns while it runs; else its log is in the exception. */
  public void failIfEnded() {
    if (process.isAlive()) {
      return;
    }
    try {
      throw new IllegalStateException("The program has ended. " + Files.readString(log));
    } catch (IOException e) {
      throw new UncheckedIOException("The program has ended without a log", e);
    }
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
