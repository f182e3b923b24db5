package io.orderflow.source.sql;

import io.orderflow.common.database.Identifiers;
import io.orderflow.common.database.OrderIdType;

/**
 * SQL expressions over the order ID's column. The index and the query must contain the same
 * expressions, since the planner would otherwise not use the index.
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
   * The order ID as the index sorts it. Text is sorted by its bytes, since a language's collation
   * can change with an update of the operating system, and stored offsets would become wrong.
   */
  public static String ordered(OrderIdType type, String column) {
    return Identifiers.quote(column) + collation(type);
  }

  /** Converts a text expression to a value that is comparable with {@link #ordered}. */
  public static String comparable(OrderIdType type, String text) {
    return text + "::" + type.sqlName() + collation(type);
  }

  private static String collation(OrderIdType type) {
    return type == OrderIdType.TEXT ? " COLLATE \"C\"" : "";
  }
}
