package io.orderflow.source.schema;

/**
 * A column as the catalogue has it.
 *
 * @param catalogueType {@code pg_type.typname}, of the base type where the column's is a domain
 * @param nullable whether an event may have no value for it
 */
public record Column(String name, ColumnType type, String catalogueType, boolean nullable) {}
