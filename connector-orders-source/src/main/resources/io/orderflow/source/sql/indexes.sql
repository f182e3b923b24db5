-- Orders are read along this index: by shard (capture.shards=${shards}), then in the order of their changes.
-- If its creation is interrupted, an invalid index remains: drop it and run this again.
CREATE INDEX CONCURRENTLY IF NOT EXISTS ${capture_index} ON ${orders}
  (${shard}, ${xid}, ${id_ordered});
