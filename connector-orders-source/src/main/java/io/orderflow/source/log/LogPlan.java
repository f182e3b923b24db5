package io.orderflow.source.log;

import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.DecimalHandling;

/**
 * What is captured from the log, and how.
 *
 * @param publication name as the catalogue has it
 * @param autocreate whether a missing publication is made
 * @param failover whether standbys keep a copy of the slot
 * @param load whether orders that are there at the beginning are told
 * @param loadConnections how many chunks of the load are read at the same time
 * @param loadChunkOrders how many orders a chunk has
 * @param mostOrders how many orders are told at once, but for one transaction's
 * @param name of the connector, for names of threads and connections
 */
public record LogPlan(
    CapturedTables tables,
    DecimalHandling decimals,
    String slot,
    String publication,
    boolean autocreate,
    boolean failover,
    boolean load,
    int loadConnections,
    int loadChunkOrders,
    int mostOrders,
    String name) {}
