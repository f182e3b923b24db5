package io.orderflow.source.fuzz;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    Set<String> fixes,
    Counts counts,
    @Nullable String failure) {

  private static final boolean SHRINKS =
      !"false".equals(System.getProperty("orderflow.fuzz.shrink"));

  /** One seed in so many hands over; it takes long, since it waits for replication slots. */
  private static final int HANDOVERS = Integer.getInteger("orderflow.fuzz.handovers", 50);

  private static final int TRACE_LINES = 80;
  private static final int RULE_LENGTH = 30;

  /**
   * How much a seed has tried.
   *
   * @param handovers those that have taken place, each by the capture that took over
   */
  record Counts(
      int captures,
      int statements,
      int failedStatements,
      int transactions,
      int events,
      List<String> handovers) {}

  /** Generates tables and a history, and runs them. */
  static SeedResult of(long seed, FuzzServer server) {
    Draw draw = new Draw(seed);
    FuzzTables tables = new TableGenerator(draw.split()).generate();
    History history = new HistoryGenerator(draw.split(), tables).generate();
    tables.kinds().addAll(history.kinds());
    Map<String, String> settings = settings(draw.split());
    String handingOver = draw.oneIn(HANDOVERS) ? draw.of("query", "log") : "";
    SeedRun run = new SeedRun(server, tables, history, settings, handingOver);
    String failure = failure(run);
    if (failure != null && !SHRINKS) {
      failure = describe(seed, tables, run, failure);
    } else if (failure != null) {
      String rule = rule(failure);
      History shorter =
          new Shrinker(
                  fewer ->
                      rule.equals(
                          rule(failure(new SeedRun(server, tables, fewer, settings, handingOver)))))
              .shrink(history);
      SeedRun again = new SeedRun(server, tables, shorter, settings, handingOver);
      String described = failure(again);
      failure =
          described == null
              ? describe(seed, tables, run, failure)
              : describe(seed, tables, again, described);
    }
    return new SeedResult(seed, tables, run.refused(), run.fixes(), run.counts(), failure);
  }

  private static @Nullable String failure(SeedRun run) {
    try {
      run.run();
      return null;
    } catch (FuzzFailure e) {
      return String.valueOf(e.getMessage());
    } catch (Exception e) {
      StringWriter text = new StringWriter();
      e.printStackTrace(new PrintWriter(text));
      return text.toString();
    }
  }

  /** The broken rule, without values. */
  private static String rule(@Nullable String failure) {
    return failure == null ? "" : failure.substring(0, Math.min(failure.length(), RULE_LENGTH));
  }

  private static Map<String, String> settings(Draw draw) {
    Map<String, String> settings = new HashMap<>();
    settings.put("poll.interval.ms", "1");
    settings.put("deletes.table", draw.flip() ? "public.orders_deleted" : "");
    settings.put("partition.removal.mode", draw.of("stop", "ignore"));
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
