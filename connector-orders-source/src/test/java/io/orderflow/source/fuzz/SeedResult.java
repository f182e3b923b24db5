package io.orderflow.source.fuzz;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a seed has shown.
 *
 * @param failure null if everything agreed
 */
record SeedResult(
    long seed,
    FuzzTables tables,
    List<String> refused,
    int transactions,
    int events,
    @Nullable String failure) {

  private static final int TRACE_LINES = 60;

  /** Generates tables and a history, and runs them. */
  static SeedResult of(long seed) {
    Draw draw = new Draw(seed);
    FuzzTables tables = new TableGenerator(draw.split()).generate();
    History history = new HistoryGenerator(draw.split(), tables).generate();
    SeedRun run = new SeedRun(tables, history, settings(draw.split()));
    String failure = null;
    try {
      run.run();
    } catch (FuzzFailure e) {
      failure = describe(seed, tables, run, String.valueOf(e.getMessage()));
    } catch (Exception e) {
      java.io.StringWriter text = new java.io.StringWriter();
      e.printStackTrace(new java.io.PrintWriter(text));
      failure = describe(seed, tables, run, text.toString());
    }
    return new SeedResult(seed, tables, run.refused(), run.transactions(), run.events(), failure);
  }

  private static Map<String, String> settings(Draw draw) {
    Map<String, String> settings = new HashMap<>();
    settings.put("poll.interval.ms", "1");
    settings.put("capture.shards", draw.of("1", "4"));
    settings.put("batch.max.orders", draw.of("1", "3", "8000"));
    settings.put("snapshot.max.threads", draw.of("1", "2"));
    settings.put("snapshot.chunk.size", draw.of("1", "2", "5000"));
    return settings;
  }

  private static String describe(long seed, FuzzTables tables, SeedRun run, String problem) {
    List<String> trace = run.trace();
    List<String> last = trace.subList(Math.max(0, trace.size() - TRACE_LINES), trace.size());
    return "seed %d: %s\n%s;\nsettings %s\ndatabase %s\n%s"
        .formatted(
            seed,
            problem,
            String.join(";\n", tables.ddl()),
            tables.settings(),
            tables.databaseSettings(),
            String.join("\n", last));
  }
}
