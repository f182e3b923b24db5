package io.orderflow.source.config;

import io.orderflow.common.config.Finding;
import io.orderflow.common.config.Setting;
import io.orderflow.common.config.SettingsGroup;
import io.orderflow.common.config.Validators;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef.Type;

/**
 * What happens to an order whose event is larger than Kafka accepts.
 *
 * @param maxBytes maximum size of a record with its key and headers
 * @param marks whether a marker event is emitted instead; otherwise the task stops
 * @param topic topic of the marker events
 * @param form the form of the events whose size counts
 */
public record OversizedEventSettings(
    long maxBytes, boolean marks, String topic, ConverterForm form) {

  public static final String MAX_BYTES = "event.max.bytes";
  public static final String HANDLING = "oversized.event.handling.mode";
  public static final String TOPIC = "oversized.event.topic";

  /** The producer's limit, if the connector has one of its own. */
  public static final String PRODUCER_LIMIT = "producer.override.max.request.size";

  private static final String FAIL = "fail";
  private static final String MARKER = "marker";

  /** Of the producer's default, 1,048,576. */
  private static final long DEFAULT_MAX_BYTES = 1_000_000;

  /** The rest is for what transformations add. */
  private static final double SHARE_OF_PRODUCER_LIMIT = 0.95;

  static final SettingsGroup GROUP =
      SettingsGroup.of(
          "Oversized events",
          Setting.of(MAX_BYTES, Type.LONG)
              .optional()
              .validatedBy(Validators.atLeast(1))
              .documented(
                  "Maximum size of an event in bytes, with key and headers, as the connector's"
                      + " value.converter writes it. Default: 1000000, which Kafka's defaults accept;"
                      + " or 95% of "
                      + PRODUCER_LIMIT
                      + ", if that is set."),
          Setting.of(HANDLING, Type.STRING)
              .defaultsTo(FAIL)
              .oneOf(FAIL, MARKER)
              .documented(
                  "What happens to an order whose event is larger. fail: the task stops, and its"
                      + " message names the order; marker: a small event with the order's ID, version"
                      + " and size is emitted instead, with the header orderflow.kind=oversized."),
          Setting.of(TOPIC, Type.STRING)
              .defaultsTo("")
              .validatedBy(Validators.emptyOr(Validators.topic()))
              .low()
              .documented(
                  "Topic of the marker events, which must exist. Empty: the topic of the events. With"
                      + " a schema registry, use another one: a marker has another schema than an"
                      + " order."));

  static OversizedEventSettings of(AbstractConfig config) {
    String topic = config.getString(TOPIC).strip();
    return new OversizedEventSettings(
        maxBytes(config),
        config.getString(HANDLING).equals(MARKER),
        topic.isEmpty() ? config.getString(EventSettings.TOPIC) : topic,
        ConverterForm.of(config.originalsStrings()));
  }

  /** Contradictions between these settings and those of the producer. */
  static List<Finding> findings(AbstractConfig config) {
    Long configured = config.getLong(MAX_BYTES);
    OptionalLong limit = producerLimit(config);
    return configured == null || limit.isEmpty() || configured <= limit.getAsLong()
        ? List.of()
        : List.of(
            new Finding(
                MAX_BYTES,
                "the producer refuses events of more than %d bytes (%s); set at most %d, or remove this setting"
                    .formatted(limit.getAsLong(), PRODUCER_LIMIT, ofLimit(limit.getAsLong()))));
  }

  private static long maxBytes(AbstractConfig config) {
    Long configured = config.getLong(MAX_BYTES);
    if (configured != null) {
      return configured;
    }
    OptionalLong limit = producerLimit(config);
    return limit.isPresent() ? ofLimit(limit.getAsLong()) : DEFAULT_MAX_BYTES;
  }

  private static long ofLimit(long producerLimit) {
    return (long) (SHARE_OF_PRODUCER_LIMIT * producerLimit);
  }

  /** The producer reports a limit that is no number. */
  private static OptionalLong producerLimit(AbstractConfig config) {
    String limit = config.originalsStrings().get(PRODUCER_LIMIT);
    try {
      return limit == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(limit.strip()));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
