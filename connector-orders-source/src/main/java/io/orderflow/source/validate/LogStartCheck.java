package io.orderflow.source.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.log.LogSessionFactory;
import io.orderflow.source.log.slot.Publication;
import io.orderflow.source.schema.OrderSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;

/** Stops the capture at its start where changes would be passed over, and says what mends it. */
public record LogStartCheck(OrdersSourceConfig config) implements LogSessionFactory.Check {

  private static final String MEANWHILE =
      "\nWhat was changed meanwhile is not in the log. Where orders were captured before, stop the"
          + " connector afterwards and reset its offsets (DELETE /connectors/NAME/offsets): all"
          + " orders are captured anew";

  @Override
  public void reached(Connection connection, OrderSchema layout) throws SQLException {
    Publication publication = new Publication(config.log().publication(), config.tables());
    List<Finding> findings =
        new LogFindings(publication, config.queryDatabase().user()).of(connection, layout);
    if (!findings.isEmpty()) {
      throw new ConnectException(
          findings.stream()
              .map(finding -> finding.key() + ": " + finding.message())
              .collect(Collectors.joining("\n", "", MEANWHILE)));
    }
  }
}
