package io.orderflow.source.log.pgoutput;

/**
 * A column as a {@link LogMessage.Relation} describes it.
 *
 * @param key whether it is part of the replica identity
 * @param type the OID of its type
 * @param modifier {@code atttypmod}; -1 where the type has none
 */
public record RelationColumn(String name, boolean key, long type, int modifier) {}
