package io.orderflow.source.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.source.schema.NotInstalledException;
import io.orderflow.source.schema.OrderSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** What one way of capture needs of the database beyond the tables. */
sealed interface CaptureCheck permits QueryCheck, LogCheck {

  /** Looks; the tables themselves are fit. */
  List<Finding> findings(Connection connection, OrderSchema layout) throws SQLException;

  /** What is to be said of a table that the capture's SQL has not been run for. */
  Finding notInstalled(NotInstalledException found);
}
