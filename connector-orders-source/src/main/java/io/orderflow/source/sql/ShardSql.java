package io.orderflow.source.sql;

import io.orderflow.common.database.Identifiers;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.schema.OrderIdColumns;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * SQL expressions over the order ID's columns. The index and the query must contain the same
 * expressions, since the planner would otherwise not use the index.
 */
public final class ShardSql {

  private ShardSql() {}

  /** The shard of a row, from 0 to {@code shards - 1}; an integer. */
  public static String shard(OrderIdColumns ids, int shards) {
    return ids.isComposite()
        ? "((%s & 2147483647)::integer %% %d)".formatted(hash(ids), shards)
        : "((%s & 2147483647) %% %d)"
            .formatted(hash(ids.types().get(0), ids.names().get(0)), shards);
  }

  private static String hash(OrderIdType type, String column) {
    String name = Identifiers.quote(column);
    return switch (type) {
      case BIGINT, INTEGER -> "hashint8(" + name + "::bigint)";
      case UUID -> "uuid_hash(" + name + ")";
      case TEXT -> "hashtext(" + name + "::text)";
    };
  }

  /** The hash of each column is the seed of the next one's, so that their order matters. */
  private static String hash(OrderIdColumns ids) {
    String seed = "0";
    for (int i = 0; i < ids.count(); i++) {
      String name = Identifiers.quote(ids.names().get(i));
      seed =
          switch (ids.types().get(i)) {
            case BIGINT, INTEGER -> "hashint8extended(%s::bigint, %s)".formatted(name, seed);
            case UUID -> "uuid_hash_extended(%s, %s)".formatted(name, seed);
            case TEXT -> "hashtextextended(%s::text, %s)".formatted(name, seed);
          };
    }
    return seed;
  }

  /**
   * The columns of the order ID as the index sorts them, with commas between them. Text is sorted
   * by its bytes, since a language's collation can change with an update of the operating system,
   * and stored offsets would become wrong.
   */
  public static String ordered(OrderIdColumns ids) {
    return IntStream.range(0, ids.count())
        .mapToObj(i -> Identifiers.quote(ids.names().get(i)) + collation(ids.types().get(i)))
        .collect(Collectors.joining(", "));
  }

  /**
   * Converts text expressions, one for each column, to values that are comparable with {@link
   * #ordered}.
   */
  public static String comparable(OrderIdColumns ids, List<String> texts) {
    return IntStream.range(0, ids.count())
        .mapToObj(
            i -> {
              OrderIdType type = ids.types().get(i);
              return texts.get(i) + "::" + type.sqlName() + collation(type);
            })
        .collect(Collectors.joining(", "));
  }

  private static String collation(OrderIdType type) {
    return type == OrderIdType.TEXT ? " COLLATE \"C\"" : "";
  }
}
