package io.orderflow.sink.apply;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.database.TableName;
import java.util.Map;

/**
 * The tables as they were read.
 *
 * @param types of all columns that the sink uses, by table and column
 */
record KnownTables(OrderIdType orderIds, Map<TableName, Map<String, String>> types) {}
