package io.orderflow.source.validate;

import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.common.config.Finding;
import io.orderflow.source.catalog.Partitions;
import io.orderflow.source.config.CaptureSettings;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderIdColumns;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.PartitionTree;
import io.orderflow.source.sql.InstallSql;
import io.orderflow.source.sql.ObjectNames;
import io.orderflow.source.sql.ShardSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** The index exists along which query capture reads, and is made for the configured shards. */
record CaptureIndexCheck(CapturedTables tables, OrderSchema schema, int shards, InstallSql sql) {

  Optional<Finding> finding(Connection connection) throws SQLException {
    PartitionTree tree = Partitions.readTree(connection, tables.orders());
    if (tree.isPartitioned()) {
      return findingOfPartitions(connection, tree);
    }
    TreeSet<Integer> others = new TreeSet<>();
    for (TableIndexes.Index index : TableIndexes.read(connection, tables.orders())) {
      Optional<Integer> made = index.shards(schema.changeXid(), schema.ids());
      if (made.isPresent() && made.get() == shards) {
        return index.valid() ? Optional.empty() : Optional.of(invalid(index));
      }
      made.ifPresent(others::add);
    }
    String script =
        DisplacedIndex.find(
                    connection,
                    tables.orders(),
                    table ->
                        ObjectNames.captureIndex(table, schema.changeXid(), schema.ids(), shards))
                .map(index -> index.rename() + "\n\n")
                .orElse("")
            + sql.indexes();
    return Optional.of(others.isEmpty() ? missing(script) : ofOtherShards(others, script));
  }

  private Optional<Finding> findingOfPartitions(Connection connection, PartitionTree tree)
      throws SQLException {
    List<String> missing = captureIndex(tree, tables, schema.ids(), shards).missing(connection);
    if (missing.isEmpty()) {
      return Optional.empty();
    }
    TreeSet<Integer> found = new TreeSet<>();
    for (TableIndexes.Index index : TableIndexes.read(connection, tables.orders())) {
      index.shards(schema.changeXid(), schema.ids()).ifPresent(found::add);
    }
    String script = sql.indexesOfPartitions(missing);
    return Optional.of(
        found.isEmpty() || found.contains(shards) ? missing(script) : ofOtherShards(found, script));
  }

  /** The index along which query capture reads a partitioned table. */
  static PartitionedIndex captureIndex(
      PartitionTree tree, CapturedTables tables, OrderIdColumns ids, int shards) {
    return new PartitionedIndex(
        tree,
        "(%s, %s, %s)"
            .formatted(
                ShardSql.shard(ids, shards), quote(tables.changeXid()), ShardSql.ordered(ids)),
        table -> ObjectNames.captureIndex(table, tables.changeXid(), ids, shards),
        index -> index.shards(tables.changeXid(), ids).filter(made -> made == shards).isPresent());
  }

  private Finding missing(String script) {
    return new Finding(
        TableSettings.ORDERS_TABLE,
        "%s has no index along which capture can read:\n%s".formatted(tables.orders(), script));
  }

  private Finding ofOtherShards(TreeSet<Integer> others, String script) {
    return new Finding(
        CaptureSettings.SHARDS,
        "%s has an index for %s shards, not for %d; set capture.shards to that, or, if this connector has no offsets yet, create an index for %d:\n%s"
            .formatted(tables.orders(), others, shards, shards, script));
  }

  private Finding invalid(TableIndexes.Index index) {
    return new Finding(
        TableSettings.ORDERS_TABLE,
        "the index %s is invalid, since its creation was interrupted:\nDROP INDEX %s.%s;\n\n%s"
            .formatted(
                index.name(), quote(tables.orders().schema()), quote(index.name()), sql.indexes()));
  }
}
