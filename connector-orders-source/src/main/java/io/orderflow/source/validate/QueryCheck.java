package io.orderflow.source.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.source.query.FutureChanges;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.NotInstalledException;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.sql.InstallSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Capture by queries: privileges, triggers, indexes, and no transaction IDs from elsewhere. */
record QueryCheck(CapturedTables tables, int shards, String user) implements CaptureCheck {

  @Override
  public List<Finding> findings(Connection connection, OrderSchema layout) throws SQLException {
    Optional<Finding> deletes = new DeletesCheck(tables, layout, shards).finding(connection);
    if (deletes.isPresent()) {
      return List.of(deletes.get());
    }
    List<Finding> findings = new ArrayList<>();
    findings.addAll(new PrivilegeCheck(tables, user).findings(connection));
    findings.addAll(new TriggerCheck(tables, layout, shards).findings(connection));
    findings.addAll(new IndexCheck(tables, layout, shards).findings(connection));
    new ConditionCheck(tables).finding(connection).ifPresent(findings::add);
    if (findings.isEmpty()) {
      // Only now: it reads the orders, along the index.
      FutureChanges.find(connection, tables, layout, shards)
          .ifPresent(message -> findings.add(new Finding("change.xid.column", message)));
    }
    return findings;
  }

  @Override
  public Finding notInstalled(NotInstalledException found) {
    String sql = new InstallSql(tables, found.ordersId(), found.idType(), shards).install();
    return new Finding(found.key(), found.getMessage() + ":\n" + sql);
  }
}
