package io.orderflow.source.log.load;

import io.orderflow.common.database.Identifiers;
import io.orderflow.source.event.Layout;
import io.orderflow.source.event.ShardPosition;
import io.orderflow.source.event.ToldShards;
import io.orderflow.source.query.ShardSql;
import io.orderflow.source.whole.RowCondition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which orders capture by queries has not told: those with a change behind their shard's position,
 * and all of a shard without one.
 */
record Untold(ToldShards told) {

  /** The condition that holds of them. */
  RowCondition in(Layout layout) {
    int shards = told.shards();
    ShardPosition start = ShardPosition.start(layout.idType(), shards, "", 0);
    List<@Nullable String> xids = new ArrayList<>(shards);
    List<@Nullable String> ids = new ArrayList<>(shards);
    List<@Nullable String> captured = new ArrayList<>(shards);
    for (int shard = 0; shard < shards; shard++) {
      ShardPosition position = told.positions().getOrDefault(shard, start);
      xids.add(Long.toString(position.xid()));
      ids.add(position.orderId());
      captured.add(position.captured());
    }
    return new RowCondition(sql(layout), List.of(xids, ids, captured));
  }

  private String sql(Layout layout) {
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
