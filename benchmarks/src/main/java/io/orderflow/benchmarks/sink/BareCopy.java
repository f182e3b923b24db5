package io.orderflow.benchmarks.sink;

/** The limit for payments: a consumer that parses, and COPY into a table that is merged. */
record BareCopy(Programs programs) implements Contestant {

  static final String KIND = "bare-copy";

  private static final int BATCH = 5_000;

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String name() {
    return "bare consumer with COPY";
  }

  @Override
  public boolean takes(Workload workload) {
    return workload.name().equals(Payments.NAME);
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
