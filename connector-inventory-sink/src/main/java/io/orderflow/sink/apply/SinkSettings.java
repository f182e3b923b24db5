package io.orderflow.sink.apply;

import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.sink.deadletter.DeadLetterSettings;
import io.orderflow.sink.plan.ReservationPolicy;
import io.orderflow.sink.record.Fields;
import io.orderflow.sink.record.Roles;
import io.orderflow.sink.update.Intent;
import io.orderflow.sink.warehouse.WarehouseTables;
import java.util.Map;
import org.apache.kafka.common.utils.ExponentialBackoff;

/**
 * The settings of a task.
 *
 * @param intents by status of an order
 * @param policy the outcome of an order that asks for more than is available
 * @param autoCreate whether missing tables are created
 * @param backoff wait between attempts while the database is unavailable
 * @param concurrency maximum number of concurrent transactions of a task
 */
public record SinkSettings(
    DatabaseSettings database,
    WarehouseTables tables,
    Roles roles,
    Fields fields,
    Map<String, Intent> intents,
    ReservationPolicy policy,
    boolean autoCreate,
    ExponentialBackoff backoff,
    BatchLimits batch,
    int concurrency,
    DeadLetterSettings deadLetters) {}
