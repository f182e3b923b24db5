package io.orderflow.benchmarks.plugin;

import java.util.Collection;
import java.util.Map;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;

/** Its records are converted, handed over, and that is all. */
public final class NoOpSinkTask extends SinkTask {

  static final String VERSION = "1";

  @Override
  public void start(Map<String, String> settings) {}

  @Override
  public void put(Collection<SinkRecord> records) {}

  @Override
  public void stop() {}

  @Override
  public String version() {
    return VERSION;
  }
}
