package io.orderflow.benchmarks.program;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Reads jobs from standard input, one line of JSON each; a line ends the job before it, the end of
 * input ends the program. A failure ends it with its trace and status 1.
 */
public final class Program {

  private Program() {}

  public static void main(String[] args) throws IOException {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> {
          failure.printStackTrace();
          Runtime.getRuntime().halt(1);
        });
    ObjectMapper json = new ObjectMapper();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    List<Consuming> running = List.of();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      running.forEach(Consuming::stop);
      running = start(json.readValue(line, Job.class));
    }
    running.forEach(Consuming::stop);
  }

  private static List<Consuming> start(Job job) {
    List<Consuming> consumers =
        IntStream.range(0, job.threads()).mapToObj(share -> new Consuming(job, share)).toList();
    consumers.forEach(Consuming::start);
    return consumers;
  }
}
