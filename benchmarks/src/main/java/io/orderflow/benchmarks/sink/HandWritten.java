package io.orderflow.benchmarks.sink;

import io.orderflow.benchmarks.program.Job;

/** The limit for orders: a program that writes into the sink's tables what the sink writes. */
record HandWritten(Programs programs) implements Contestant {

  static final String KIND = "hand-written";

  private static final int BATCH = 5_000;

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String name() {
    return "hand-written program";
  }

  @Override
  public boolean takes(Workload workload) {
    return workload.kind() == Job.Kind.ORDERS;
  }

  @Override
  public void renew() {
    programs.renew();
  }

  @Override
  public Running start(Run run) {
    return programs.start(KIND, run, BATCH);
  }
}
