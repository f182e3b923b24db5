package io.orderflow.source.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.source.catalog.UnrecordedPartitions;
import io.orderflow.source.sql.InstallSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** No partition was attached with rows, or removed, without a record of these changes. */
record PartitionCheck(InstallSql sql, boolean ignoresRemoval) {

  List<Finding> findings(Connection connection) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    UnrecordedPartitions unrecorded = new UnrecordedPartitions(sql, ignoresRemoval);
    for (UnrecordedPartitions.Change change : unrecorded.read(connection)) {
      unrecorded.problem(connection, change, 0).ifPresent(findings::add);
    }
    return findings;
  }
}
