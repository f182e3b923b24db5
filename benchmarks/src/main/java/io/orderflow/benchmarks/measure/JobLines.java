package io.orderflow.benchmarks.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/**
 * What the main methods of programs have in common: jobs are read from standard input, one line of
 * JSON each; a line ends the job before it, the end of input ends the program. A failure ends it
 * with its trace and status 1.
 */
public final class JobLines {

  private JobLines() {}

  /**
   * Returns at the end of input.
   *
   * @param start begins a job and gives what ends it
   */
  public static <T extends Record> void run(Class<T> job, Function<T, Runnable> start)
      throws IOException {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> {
          failure.printStackTrace();
          Runtime.getRuntime().halt(1);
        });
    ObjectMapper json = new ObjectMapper();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Runnable end = () -> {};
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      end.run();
      end = start.apply(json.readValue(line, job));
    }
    end.run();
  }
}
