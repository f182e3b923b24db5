package io.orderflow.source.schema;

/**
 * A column of a captured table.
 *
 * @param typeName {@code pg_type.typname}; of the base type if the column's type is a domain
 * @param nullable whether its values may be null
 */
public record Column(String name, ColumnType type, String typeName, boolean nullable) {}
