package io.orderflow.source.config;

import io.orderflow.common.database.SessionSql;

/**
 * The settings of each session of capture, for queries and for the stream. The role, the database,
 * the driver or the worker's time zone may have others; then the stream would write values as other
 * texts than queries do, or statements would mean something else.
 */
final class SessionSettings {

  /**
   * The functions of PostgreSQL come first, and the schemas of the role follow, since a condition
   * of the user may need them. A timeout of the role is meant for the shop's sessions, one of the
   * connector's settings for those of capture. Not all versions have each of them.
   */
  private static final String SESSION =
      """
      SELECT pg_catalog.set_config('standard_conforming_strings', 'on', false);
      SELECT pg_catalog.set_config('search_path', pg_catalog.concat_ws(', ', 'pg_catalog',
        NULLIF(pg_catalog.current_setting('search_path'), '')), false);
      SELECT set_config(name, value, false)
        FROM (VALUES ('TimeZone', 'UTC'), ('DateStyle', 'ISO, MDY'), ('IntervalStyle', 'postgres'),
                     ('extra_float_digits', '3'), ('bytea_output', 'hex'), ('array_nulls', 'on'),
                     ('quote_all_identifiers', 'off'), ('default_transaction_read_only', 'off'))
             AS settings (name, value);
      SELECT set_config(name, '0', false) FROM pg_settings
       WHERE name IN ('lock_timeout', 'idle_in_transaction_session_timeout', 'idle_session_timeout',
                      'transaction_timeout') AND setting <> '0' AND source <> 'client'
      """;

  /**
   * Behind a pooler, which gives each transaction another session: the same without a query, since
   * it would take the transaction's snapshot before the tables are locked. So the schemas of the
   * role are the usual ones, unless the user's options name others. A transaction_timeout of the
   * role stays in force, since PostgreSQL before 17 would refuse to set it.
   */
  private static final String TRANSACTION =
      """
      SET LOCAL standard_conforming_strings = 'on';
      SET LOCAL search_path = 'pg_catalog', '$user', 'public';
      SET LOCAL TimeZone = 'UTC';
      SET LOCAL DateStyle = 'ISO, MDY';
      SET LOCAL IntervalStyle = 'postgres';
      SET LOCAL extra_float_digits = '3';
      SET LOCAL bytea_output = 'hex';
      SET LOCAL array_nulls = 'on';
      SET LOCAL quote_all_identifiers = 'off';
      SET LOCAL lock_timeout = '0';
      SET LOCAL idle_in_transaction_session_timeout = '0'
      """;

  static final SessionSql SQL = new SessionSql(SESSION, TRANSACTION);

  private SessionSettings() {}
}
