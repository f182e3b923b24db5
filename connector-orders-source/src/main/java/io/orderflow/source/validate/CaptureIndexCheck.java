package io.orderflow.source.validate;

import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.common.config.Finding;
import io.orderflow.source.config.CaptureSettings;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.sql.InstallSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.TreeSet;

/** The index exists along which query capture reads, and is made for the configured shards. */
record CaptureIndexCheck(CapturedTables tables, OrderSchema schema, int shards, InstallSql sql) {

  Optional<Finding> finding(Connection connection) throws SQLException {
    TreeSet<Integer> others = new TreeSet<>();
    for (TableIndexes.Index index : TableIndexes.read(connection, tables.orders())) {
      Optional<Integer> made = index.shards(schema.changeXid(), schema.ids());
      if (made.isPresent() && made.get() == shards) {
        return index.valid() ? Optional.empty() : Optional.of(invalid(index));
      }
      made.ifPresent(others::add);
    }
    return Optional.of(others.isEmpty() ? missing() : ofOtherShards(others));
  }

  private Finding missing() {
    return new Finding(
        TableSettings.ORDERS_TABLE,
        "%s has no index along which capture can read:\n%s"
            .formatted(tables.orders(), sql.indexes()));
  }

  private Finding ofOtherShards(TreeSet<Integer> others) {
    return new Finding(
        CaptureSettings.SHARDS,
        "%s has an index for %s shards, not for %d; set capture.shards to that, or, if this connector has no offsets yet, create an index for %d:\n%s"
            .formatted(tables.orders(), others, shards, shards, sql.indexes()));
  }

  private Finding invalid(TableIndexes.Index index) {
    return new Finding(
        TableSettings.ORDERS_TABLE,
        "the index %s is invalid, since its creation was interrupted: DROP INDEX %s.%s; then\n%s"
            .formatted(
                index.name(), quote(tables.orders().schema()), quote(index.name()), sql.indexes()));
  }
}
