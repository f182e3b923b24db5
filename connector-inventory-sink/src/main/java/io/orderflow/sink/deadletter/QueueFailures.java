package io.orderflow.sink.deadletter;

import java.lang.management.ManagementFactory;
import java.util.OptionalDouble;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.kafka.common.utils.Sanitizer;

/**
 * The number of records of a task that Connect could not write to its dead-letter queue, as Connect
 * counts them: the metric {@code deadletterqueue-produce-failures} of the group {@code
 * task-error-metrics}.
 */
@FunctionalInterface
public interface QueueFailures {

  /** The present number; empty if the worker does not publish its metrics. */
  OptionalDouble count();

  /**
   * Reads the worker's metric.
   *
   * @param task number of the task, from 0
   */
  static QueueFailures ofTask(String connector, String task) {
    String name =
        "kafka.connect:type=task-error-metrics,connector="
            + Sanitizer.jmxSanitize(connector)
            + ",task="
            + Sanitizer.jmxSanitize(task);
    return () -> {
      try {
        Object count =
            ManagementFactory.getPlatformMBeanServer()
                .getAttribute(new ObjectName(name), "deadletterqueue-produce-failures");
        return count instanceof Number number
            ? OptionalDouble.of(number.doubleValue())
            : OptionalDouble.empty();
      } catch (JMException unpublished) {
        return OptionalDouble.empty();
      }
    };
  }
}
