package io.orderflow.source.handover;

import io.orderflow.common.database.Identifiers;
import io.orderflow.source.offset.ShardOffset;
import io.orderflow.source.query.ShardSql;
import io.orderflow.source.read.RowCondition;
import io.orderflow.source.schema.OrderSchema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which orders capture by queries has not told: those with a change behind their shard's position,
 * and all of a shard without one.
 */
public record NotYetEmitted(QueryOffsets told) {

  /** The condition that holds of them. */
  public RowCondition in(OrderSchema layout) {
    int shards = told.shards();
    ShardOffset start = ShardOffset.start(layout.idType(), shards, "", 0);
    List<@Nullable String> xids = new ArrayList<>(shards);
    List<@Nullable String> ids = new ArrayList<>(shards);
    List<@Nullable String> captured = new ArrayList<>(shards);
    for (int shard = 0; shard < shards; shard++) {
      ShardOffset position = told.positions().getOrDefault(shard, start);
      xids.add(Long.toString(position.xid()));
      ids.add(position.orderId());
      captured.add(position.captured());
    }
    return new RowCondition(sql(layout), List.of(xids, ids, captured));
  }

  private String sql(OrderSchema layout) {
    // Arrays count from 1.
    return """
        (%1$s, %2$s) > ((?::text[]::xid8[])[%3$s + 1], %4$s)
          AND NOT coalesce(pg_visible_in_snapshot(%1$s, (?::text[]::pg_snapshot[])[%3$s + 1]), false)"""
        .formatted(
            Identifiers.quote(layout.changeXid()),
            ShardSql.ordered(layout.idType(), layout.ordersId()),
            ShardSql.shard(layout.idType(), layout.ordersId(), told.shards()),
            ShardSql.comparable(
                layout.idType(),
                "(?::text[])[%s + 1]"
                    .formatted(ShardSql.shard(layout.idType(), layout.ordersId(), told.shards()))));
  }
}
