package io.orderflow.sink.apply;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.database.TableName;
import io.orderflow.sink.warehouse.ScaleGuard;
import java.util.Map;

/**
 * The tables as they were read; they exist and fit the settings.
 *
 * @param orderIds the type of order ID
 * @param types of all columns that the sink uses, by table and column
 * @param scale the decimals of quantities
 */
record KnownTables(
    OrderIdType orderIds, Map<TableName, Map<String, String>> types, ScaleGuard scale) {}
