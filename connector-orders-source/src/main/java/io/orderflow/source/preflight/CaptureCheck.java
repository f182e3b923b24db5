package io.orderflow.source.preflight;

import io.orderflow.common.config.Finding;
import io.orderflow.source.event.Layout;
import io.orderflow.source.event.NotInstalled;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** What one way of capture needs of the database beyond the tables. */
sealed interface CaptureCheck permits QueryCheck, LogCheck {

  /** Looks; the tables themselves are fit. */
  List<Finding> findings(Connection connection, Layout layout) throws SQLException;

  /** What is to be said of a table that the capture's SQL has not been run for. */
  Finding notInstalled(NotInstalled found);
}
