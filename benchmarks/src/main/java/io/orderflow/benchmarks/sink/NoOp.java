package io.orderflow.benchmarks.sink;

import io.orderflow.benchmarks.plugin.NoOpSinkConnector;
import java.util.Map;

/** What Connect itself can do: the same converters and consumer, and a sink that drops all. */
record NoOp(Connectors connectors) implements Contestant {

  static final String KIND = "no-op";

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String name() {
    return "no-op sink";
  }

  @Override
  public boolean takes(Workload workload) {
    return !workload.name().equals(FlashSale.NAME);
  }

  @Override
  public boolean writes() {
    return false;
  }

  @Override
  public void renew() {
    connectors.renew();
  }

  @Override
  public Running start(Run run) {
    Map<String, String> config = connectors.common(run);
    config.put("connector.class", NoOpSinkConnector.class.getName());
    return connectors.start(KIND, run, config);
  }
}
