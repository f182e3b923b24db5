package io.orderflow.common.database;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/**
 * Leaves it to {@link Database#transaction} which connections are used again. The pool knows fewer
 * failures that spoil a session (one that began while the server was read-only stays so), and logs
 * each connection that it finds broken, where one line for an outage is enough.
 */
final class NoEviction implements SQLExceptionOverride {

  @java.lang.Override
  public SQLExceptionOverride.Override adjudicate(SQLException failure) {
    return SQLExceptionOverride.Override.DO_NOT_EVICT;
  }
}
