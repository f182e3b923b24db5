package io.orderflow.sink.apply;

import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.failure.Backoff;
import io.orderflow.sink.record.Fields;
import io.orderflow.sink.record.Roles;
import io.orderflow.sink.update.Intent;
import io.orderflow.sink.warehouse.WarehouseTables;
import java.util.Map;

/**
 * What a task is to do.
 *
 * @param intents by status of an order
 * @param autoCreate whether missing tables are created
 * @param backoff how long to wait between attempts while the database is away
 * @param batchSize how many records one transaction applies at most
 */
public record SinkSettings(
    DatabaseSettings database,
    WarehouseTables tables,
    Roles roles,
    Fields fields,
    Map<String, Intent> intents,
    boolean autoCreate,
    Backoff backoff,
    int batchSize) {}
