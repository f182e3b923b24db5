package io.orderflow.sink;

import static io.orderflow.sink.config.ConfigKeys.DEAD_LETTER_MAX_RATIO;
import static io.orderflow.sink.config.ConfigKeys.DEAD_LETTER_WINDOW;

import io.orderflow.common.config.RetrySettings;
import io.orderflow.common.config.Setting;
import io.orderflow.common.config.SettingsGroup;
import java.time.Duration;
import org.apache.kafka.common.config.ConfigDef.Type;

/** What follows from failures: the {@code retry.*} and {@code dead.letter.*} settings. */
final class FailureSettings {

  static final SettingsGroup GROUP =
      SettingsGroup.of(
          "Failures",
          RetrySettings.backoffSetting(),
          RetrySettings.maxBackoffSetting(Duration.ofSeconds(10)),
          Setting.of(DEAD_LETTER_MAX_RATIO, Type.DOUBLE)
              .defaultsTo(0.5)
              .between(0.0, 1.0)
              .low()
              .documented(
                  "Maximum share of bad records. Above it the task stops, since a wrong setting is the"
                      + " likely cause, and it would drain the topics into the dead-letter queue. 1: no"
                      + " limit."),
          Setting.of(DEAD_LETTER_WINDOW, Type.INT)
              .defaultsTo(1_000)
              .between(1, 10_000_000)
              .low()
              .documented(
                  "Number of the task's latest records over which the share of bad records is"
                      + " computed. The task does not stop before it has seen that many."));

  private FailureSettings() {}
}
