package io.orderflow.source.preflight;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.source.event.Decimals;
import io.orderflow.source.event.ShopTables;
import java.util.List;

public record Preflight(
    DatabaseSettings settings, ShopTables tables, Decimals decimals, int shards) {
  public List<Finding> findings() {
    return List.of();
  }
}
