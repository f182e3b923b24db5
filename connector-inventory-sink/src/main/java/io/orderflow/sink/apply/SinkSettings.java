package io.orderflow.sink.apply;

import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.sink.deadletter.DeadLetterSettings;
import io.orderflow.sink.plan.ReservationRules;
import io.orderflow.sink.record.Deadlines;
import io.orderflow.sink.record.Fields;
import io.orderflow.sink.record.ItemRules;
import io.orderflow.sink.record.MoneyRules;
import io.orderflow.sink.record.Roles;
import io.orderflow.sink.record.Statuses;
import io.orderflow.sink.warehouse.WarehouseTables;
import org.apache.kafka.common.utils.ExponentialBackoff;

/**
 * The settings of a task.
 *
 * @param autoCreate whether missing tables are created
 * @param backoff wait between attempts while the database is unavailable
 * @param concurrency maximum number of concurrent transactions of a task
 */
public record SinkSettings(
    DatabaseSettings database,
    WarehouseTables tables,
    Roles roles,
    Fields fields,
    Statuses statuses,
    ItemRules itemRules,
    MoneyRules moneyRules,
    Deadlines deadlines,
    ReservationRules rules,
    boolean autoCreate,
    ExponentialBackoff backoff,
    BatchLimits batch,
    int concurrency,
    DeadLetterSettings deadLetters) {

  /** The maximum number of a task's connections: one for each worker, and one for each sweeper. */
  public int connections() {
    return concurrency + (rules.expire() ? 1 : 0) + (rules.backorders() ? 1 : 0);
  }
}
