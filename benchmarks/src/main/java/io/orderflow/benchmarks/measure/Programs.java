package io.orderflow.benchmarks.measure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orderflow.benchmarks.Benchmarks;
import io.orderflow.benchmarks.program.Program;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The process of the programs without Connect, with the heap that the worker has. It is launched
 * for the first job, and ends with its standard input, so it never outlives this process.
 */
public final class Programs implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long STOP_SECONDS = 20;

  private final Path log;
  private @Nullable Process process;

  public Programs(Path logs) {
    this.log = logs.resolve("program.log");
  }

  /**
   * Ends the job before, and begins this one.
   *
   * @param group the consumer group of a sink's program
   */
  public Running start(Program.Job job, String group) {
    if (process == null || !process.isAlive()) {
      process = launch();
    }
    RunningProgram running = new RunningProgram(this, job, group);
    running.resume();
    return running;
  }

  private Process launch() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    try {
      return new ProcessBuilder(
              java,
              Benchmarks.HEAP,
              "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
              "-cp",
              System.getProperty("java.class.path"),
              Program.class.getName())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException("Could not launch the program", e);
    }
  }

  /** Ends the process; the next one is new, and nothing in it is warm. */
  public void renew() {
    Process running = process;
    process = null;
    if (running == null) {
      return;
    }
    try {
      running.getOutputStream().close();
      if (!running.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        running.destroyForcibly();
      }
    } catch (IOException e) {
      running.destroyForcibly();
    } catch (InterruptedException e) {
      running.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    renew();
  }

  private void send(String line) {
    try {
      OutputStream input = Objects.requireNonNull(process).getOutputStream();
      input.write((line + '\n').getBytes(StandardCharsets.UTF_8));
      input.flush();
    } catch (IOException e) {
      failIfEnded();
      throw new UncheckedIOException("Could not send the program a job", e);
    }
  }

  private void failIfEnded() {
    if (process != null && process.isAlive()) {
      return;
    }
    try {
      throw new IllegalStateException("The program has ended. " + Files.readString(log));
    } catch (IOException e) {
      throw new UncheckedIOException("The program has ended without a log", e);
    }
  }

  private record RunningProgram(Programs programs, Program.Job job, String group)
      implements Running {

    @Override
    public long pid() {
      return Objects.requireNonNull(programs.process).pid();
    }

    @Override
    public void failIfEnded() {
      programs.failIfEnded();
    }

    @Override
    public void stop() {
      programs.send("");
    }

    @Override
    public void resume() {
      try {
        programs.send(job.getClass().getName() + ' ' + JSON.writeValueAsString(job));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("Could not write a job", e);
      }
    }

    @Override
    public void deleteOffsets() {
      throw new UnsupportedOperationException("A program has no offsets to delete");
    }

    @Override
    public void close() {
      stop();
    }
  }
}
