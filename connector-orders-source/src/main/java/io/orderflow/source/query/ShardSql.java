package io.orderflow.source.query;

import io.orderflow.common.database.Identifiers;
import io.orderflow.common.database.OrderIdType;

/**
 * SQL over the order ID's column. The index and the query have the very same expressions, or the
 * planner would not use the one for the other.
 */
public final class ShardSql {

  private ShardSql() {}

  /** The shard of a row, from 0 to {@code shards - 1}; an integer. */
  public static String shard(OrderIdType type, String column, int shards) {
    String name = Identifiers.quote(column);
    String hash =
        switch (type) {
          case BIGINT, INTEGER -> "hashint8(" + name + "::bigint)";
          case UUID -> "uuid_hash(" + name + ")";
          case TEXT -> "hashtext(" + name + "::text)";
        };
    return "((%s & 2147483647) %% %d)".formatted(hash, shards);
  }

  /**
   * The order ID as the index orders it. Text is ordered by its bytes, since the order of a
   * language can change with an update of the operating system, and positions would lie.
   */
  public static String ordered(OrderIdType type, String column) {
    return Identifiers.quote(column) + collation(type);
  }

  /** A text expression as a value that compares with {@link #ordered}. */
  public static String comparable(OrderIdType type, String text) {
    return text + "::" + type.sqlName() + collation(type);
  }

  private static String collation(OrderIdType type) {
    return type == OrderIdType.TEXT ? " COLLATE \"C\"" : "";
  }
}
