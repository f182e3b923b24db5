package io.orderflow.sink.apply;

import io.orderflow.common.database.DatabaseSettings;
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
 * @param intents the intent of each order status
 * @param policy what happens to an order that reserves more than is available
 * @param autoCreate whether missing tables are created
 * @param backoff how long to wait between attempts while the database is unavailable
 * @param lanes how many transactions a task runs at once
 * @param deadLetterMaxRatio maximum share of bad records, from 0 to 1
 * @param deadLetterWindow over how many records that share is computed
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
    int lanes,
    double deadLetterMaxRatio,
    int deadLetterWindow) {}
