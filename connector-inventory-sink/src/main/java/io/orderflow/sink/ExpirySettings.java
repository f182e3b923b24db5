package io.orderflow.sink;

import static io.orderflow.sink.config.ConfigKeys.RESERVATION_TTL;
import static io.orderflow.sink.config.ConfigKeys.RESERVATION_TTL_STATUSES;
import static io.orderflow.sink.config.ConfigKeys.STATUS_RESERVE;
import static io.orderflow.sink.config.ConfigKeys.TOPICS_ORDER;

import io.orderflow.common.config.Finding;
import io.orderflow.common.config.Setting;
import io.orderflow.common.config.SettingsGroup;
import io.orderflow.sink.record.Deadlines;
import io.orderflow.sink.record.Statuses;
import io.orderflow.sink.update.Intent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef.Type;

/** Which reservations expire, and when: the {@code reservation.ttl.*} settings. */
final class ExpirySettings {

  static final SettingsGroup GROUP =
      SettingsGroup.of(
          "Reservations that expire",
          Setting.of(RESERVATION_TTL, Type.LONG)
              .defaultsTo(0L)
              .between(0L, Duration.ofDays(3_650).toMillis())
              .documented(
                  "How long a reservation lasts, in milliseconds from the timestamp of the record in"
                      + " Kafka. Then its stock is released within 5 seconds, and the order is EXPIRED."
                      + " Later versions of an order that still waits do not prolong it. 0: a"
                      + " reservation expires only if its record says when (order.expires.field,"
                      + " inventory.expires.field)."),
          Setting.of(RESERVATION_TTL_STATUSES, Type.LIST)
              .defaultsTo(List.of())
              .documented(
                  "Statuses of orders whose reservations expire, such as PENDING; spelled as in"
                      + " status.reserve. An order in any other status, such as PAID, keeps its"
                      + " reservation, and so does an inventory update without a time of its own."
                      + " Empty: all orders and inventory updates that reserve."));

  private ExpirySettings() {}

  static Deadlines deadlines(AbstractConfig config) {
    return new Deadlines(
        Duration.ofMillis(config.getLong(RESERVATION_TTL)),
        Set.copyOf(config.getList(RESERVATION_TTL_STATUSES)),
        FieldSettings.orderExpires(config),
        FieldSettings.inventoryExpires(config));
  }

  /** Statuses that reserve nothing, and paid orders that would expire by mistake. */
  static List<Finding> findings(AbstractConfig config) {
    List<Finding> findings = new ArrayList<>();
    Deadlines deadlines = deadlines(config);
    Statuses statuses = StatusSettings.statuses(config);
    for (String status : config.getList(RESERVATION_TTL_STATUSES)) {
      if (statuses.intents().getOrDefault(status, statuses.otherwise()) != Intent.RESERVE) {
        findings.add(
            new Finding(
                RESERVATION_TTL_STATUSES,
                "status %s reserves nothing that could expire; add it to %s, or remove it here"
                    .formatted(status, STATUS_RESERVE)));
      }
    }
    List<String> reserving = config.getList(STATUS_RESERVE);
    if ((!deadlines.ttl().isZero() || deadlines.orderField() != null)
        && deadlines.statuses().isEmpty()
        && !config.getList(TOPICS_ORDER).isEmpty()
        && reserving.size() > 1) {
      findings.add(
          new Finding(
              RESERVATION_TTL_STATUSES,
              ("orders of all statuses that reserve would expire (%s), paid ones included; list the"
                      + " statuses of orders that wait, such as %s, or all of them")
                  .formatted(String.join(", ", reserving), reserving.get(0))));
    }
    return findings;
  }
}
