package io.orderflow.benchmarks.source;

import io.orderflow.benchmarks.Example;
import io.orderflow.benchmarks.measure.AtWork;

/**
 * The orders source, with the shipped example's settings.
 *
 * @param capture query or log
 */
record Orderflow(Connectors connectors, String capture) implements Contestant {

  static final String QUERY = "query";
  static final String LOG = "log";

  /** As the options name it. */
  static String kindOf(String capture) {
    return "orderflow-" + capture;
  }

  @Override
  public String kind() {
    return kindOf(capture);
  }

  @Override
  public String name() {
    return "orderflow, " + capture;
  }

  @Override
  public boolean needsTracking() {
    return capture.equals(QUERY);
  }

  @Override
  public void renew() {
    connectors.renew();
  }

  @Override
  public AtWork start(Run run) {
    Example example = connectors.example(run).with("capture", capture);
    if (capture.equals(LOG)) {
      example =
          example
              .with("slot.name", Shops.SLOT)
              .with("publication.name", Shops.PUBLICATION)
              // It is one task whatever tasks.max says: connections are what it reads with.
              .with("snapshot.max.threads", Integer.toString(run.tasks()));
    }
    return connectors.start(run, example.config());
  }
}
