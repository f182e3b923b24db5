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
 * What a task is to do.
 *
 * @param intents by status of an order
 * @param policy what becomes of an order that wants more than there is
 * @param autoCreate whether missing tables are created
 * @param backoff how long to wait between attempts while the database is away
 * @param lanes how many transactions of a task run at once
 * @param deadLetterMaxRatio what share of the records may be bad, from 0 to 1
 * @param deadLetterWindow over how many records that share is taken
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
