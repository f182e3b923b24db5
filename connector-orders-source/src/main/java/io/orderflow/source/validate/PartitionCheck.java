package io.orderflow.source.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.source.catalog.UnrecordedPartitions;
import io.orderflow.source.sql.InstallSql;
import io.orderflow.source.sql.PartitionSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** No partition was attached with rows, or removed, without a record of these changes. */
record PartitionCheck(InstallSql sql, boolean ignoresRemoval) {

  List<Finding> findings(Connection connection) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    for (PartitionSql partitions : sql.partitions()) {
      for (UnrecordedPartitions.Change change : UnrecordedPartitions.read(connection, partitions)) {
        if (!change.isRemoval() || !ignoresRemoval) {
          UnrecordedPartitions.problem(connection, partitions, change, 0)
              .ifPresent(problem -> findings.add(new Finding(partitions.key(), problem)));
        }
      }
    }
    return findings;
  }
}
