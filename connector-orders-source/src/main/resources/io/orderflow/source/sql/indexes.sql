-- Where an order is read from: its shard (capture.shards is ${shards} here), then the order of changes.
-- If this is interrupted, it leaves an invalid index: drop that, and run it again.
CREATE INDEX CONCURRENTLY IF NOT EXISTS ${capture_index} ON ${orders}
  (${shard}, ${xid}, ${id_ordered});
${of_items}
ANALYZE ${orders};
