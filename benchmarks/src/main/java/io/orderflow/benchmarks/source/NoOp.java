package io.orderflow.benchmarks.source;

import io.orderflow.benchmarks.measure.AtWork;
import io.orderflow.benchmarks.plugin.NoOpSourceConnector;
import java.util.LinkedHashMap;
import java.util.Map;

/** What Connect itself can do: the same converters and producer, and events that cost nothing. */
record NoOp(Connectors connectors) implements Contestant {

  static final String KIND = "no-op";

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String name() {
    return "no-op source";
  }

  @Override
  public Content content(int orders) {
    return Content.counted(orders);
  }

  @Override
  public void renew() {
    connectors.renew();
  }

  @Override
  public AtWork start(Run run) {
    Map<String, String> config = new LinkedHashMap<>(connectors.common(run));
    config.put("connector.class", NoOpSourceConnector.class.getName());
    config.put(NoOpSourceConnector.TOPIC, run.name());
    config.put(NoOpSourceConnector.COUNT, Integer.toString(run.orders()));
    return connectors.start(run, config);
  }
}
