package io.orderflow.source.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.database.TableName;
import io.orderflow.source.catalog.FutureChanges;
import io.orderflow.source.catalog.Partitions;
import io.orderflow.source.catalog.TableFamily;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.NotInstalledException;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.PartitionTree;
import io.orderflow.source.schema.TableKinds;
import io.orderflow.source.sql.InstallSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Query capture: privileges, triggers, indexes, and no transaction IDs of another cluster. */
record QueryCheck(
    CapturedTables tables,
    int shards,
    boolean ignoresPartitionRemoval,
    DatabaseSettings database,
    String connector)
    implements CaptureCheck {

  static QueryCheck of(OrdersSourceConfig config) {
    return new QueryCheck(
        config.tables(),
        config.shards(),
        config.log().ignoresPartitionRemoval(),
        config.queryDatabase(),
        config.name());
  }

  @Override
  public List<Finding> findings(Connection connection, OrderSchema schema) throws SQLException {
    TableKinds kinds = TableFamily.readKinds(connection, tables);
    InstallSql sql = new InstallSql(tables, kinds, schema.ids(), shards, connector);
    Optional<Finding> deletes = new DeletesCheck(tables, schema, shards, sql).finding(connection);
    if (deletes.isPresent()) {
      return List.of(deletes.get());
    }
    List<Finding> findings = new ArrayList<>();
    List<Finding> privileges = new PrivilegeCheck(tables, database.user()).findings(connection);
    findings.addAll(privileges);
    findings.addAll(new ForeignPartitionsCheck(tables).findings(connection));
    findings.addAll(new TriggerCheck(tables, kinds, schema.ids(), sql).findings(connection));
    if (findings.isEmpty()) {
      findings.addAll(new RegistrationCheck(sql, tables.deletes() != null).findings(connection));
    }
    findings.addAll(new RowSecurityCheck(tables, sql).findings(connection));
    findings.addAll(new PartitionCheck(sql, ignoresPartitionRemoval).findings(connection));
    if (tables.items() != null) {
      List<String> id = schema.ids().names();
      findings.addAll(new PublishedOrdersCheck(tables.orders(), id).findings(connection));
    }
    findings.addAll(new LookUpIndexCheck(tables, schema).findings(connection));
    new CaptureIndexCheck(tables, schema, shards, sql).finding(connection).ifPresent(findings::add);
    if (privileges.isEmpty()) {
      findings.addAll(new ReadingCheck(tables, schema).findings(connection));
    }
    HorizonCheck.finding(connection, database).ifPresent(findings::add);
    if (findings.isEmpty()) {
      // Last, since it reads the orders, along the index that was checked before.
      FutureChanges.find(connection, tables, schema, shards)
          .ifPresent(problem -> findings.add(new Finding(TableSettings.CHANGE_XID, problem)));
    }
    return findings;
  }

  @Override
  public Finding notInstalled(Connection connection, NotInstalledException found)
      throws SQLException {
    TableKinds kinds = TableFamily.readKinds(connection, tables);
    InstallSql sql = new InstallSql(tables, kinds, found.ids(), shards, connector);
    PartitionTree orders = Partitions.readTree(connection, tables.orders());
    String script =
        orders.isPartitioned()
            ? sql.stamps()
                + "\n"
                + sql.indexesOfPartitions(
                    CaptureIndexCheck.captureIndex(orders, tables, found.ids(), shards)
                        .missing(connection))
            : sql.install();
    return new Finding(
        found.key(), found.getMessage() + ":\n" + script + indexesOfItems(connection));
  }

  /** PostgreSQL cannot create the index of a partitioned table without blocking writes to it. */
  private String indexesOfItems(Connection connection) throws SQLException {
    TableName items = tables.items();
    if (items == null) {
      return "";
    }
    PartitionTree tree = Partitions.readTree(connection, items);
    if (!tree.isPartitioned()) {
      return "";
    }
    return LookUpIndexCheck.missingOfItems(connection, tree, tables.itemsOrderId()).stream()
        .map(statement -> "\n" + statement + "\n")
        .collect(Collectors.joining());
  }
}
