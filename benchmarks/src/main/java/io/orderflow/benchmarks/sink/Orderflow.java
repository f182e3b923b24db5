package io.orderflow.benchmarks.sink;

import io.orderflow.benchmarks.Example;
import io.orderflow.benchmarks.program.Job;
import java.util.List;

/** The inventory sink, with the shipped example's settings. */
record Orderflow(Connectors connectors) implements Contestant {

  static final String KIND = "orderflow";

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String name() {
    return KIND;
  }

  @Override
  public boolean takes(Workload workload) {
    return true;
  }

  @Override
  public List<Integer> tasks(List<Integer> asked) {
    return asked;
  }

  @Override
  public boolean isReplayed(Run run) {
    return run.tasks() == 2 && !run.workload().name().equals(FlashSale.NAME);
  }

  @Override
  public void renew() {
    connectors.renew();
  }

  @Override
  public Running start(Run run) {
    boolean payments = run.workload().kind() == Job.Kind.PAYMENTS;
    Example example =
        connectors
            .example(run)
            .with("topics.payment", payments ? run.workload().topic() : "")
            .with("topics.order", payments ? "" : run.workload().topic());
    return connectors.start(KIND, run, example.config());
  }
}
