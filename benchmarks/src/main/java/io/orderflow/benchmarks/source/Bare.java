package io.orderflow.benchmarks.source;

import io.orderflow.benchmarks.measure.AtWork;
import io.orderflow.benchmarks.source.program.SourceJob;
import java.util.List;

/**
 * The limit: a program that reads, merges, writes JSON and produces in transactions.
 *
 * @param job what it does
 */
record Bare(Programs programs, String name, SourceJob.Kind job) implements Contestant {

  static final String KIND = "bare";

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public List<Integer> tasks(List<Integer> asked) {
    return asked.stream().filter(tasks -> tasks <= 2).toList();
  }

  @Override
  public void renew() {
    programs.renew();
  }

  @Override
  public AtWork start(Run run) {
    return programs.start(job, run);
  }
}
