package io.orderflow.benchmarks.program;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * The counterparts of the connectors without Connect. Reads jobs from standard input, one line
 * each: the job's class and its JSON. A line ends the job before it, an empty one does only that;
 * the end of input ends the program. A failure ends it with its trace and status 1.
 */
public final class Program {

  private Program() {}

  /** A record that describes a piece of work. */
  public interface Job {
    /** Begins it; the returned action ends it. */
    Runnable start();
  }

  public static void main(String[] args) throws IOException, ClassNotFoundException {
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
      int space = line.indexOf(' ');
      end =
          space < 0
              ? () -> {}
              : json.readValue(
                      line.substring(space),
                      Class.forName(line.substring(0, space)).asSubclass(Job.class))
                  .start();
    }
    end.run();
  }
}
