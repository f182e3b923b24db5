package io.orderflow.common.database;

/**
 * Statements ahead of all others, so that settings of the role, of the database or of the driver do
 * not apply.
 *
 * @param session begins each session; empty if there are none
 * @param transaction begins each transaction instead if a pooler shares the sessions. They hold
 *     until its end and take no snapshot: SET LOCAL does, a query does not
 */
public record SessionSql(String session, String transaction) {

  /** No statements. */
  public static final SessionSql NONE = new SessionSql("", "");
}
