package io.orderflow.source.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.source.schema.NotInstalledException;
import io.orderflow.source.schema.OrderSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The requirements of one capture, beyond the tables. */
sealed interface CaptureCheck permits QueryCheck, LogCheck {

  /** Checks a database whose tables have all configured columns. */
  List<Finding> findings(Connection connection, OrderSchema schema) throws SQLException;

  /** The finding for a table on which the capture's SQL has not been run. */
  Finding notInstalled(Connection connection, NotInstalledException found) throws SQLException;
}
