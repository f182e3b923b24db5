package io.orderflow.source.config;

/**
 * The settings of each session of capture, for queries and for the stream. The role, the database,
 * the driver or the worker's time zone may have others; then the stream would write values as other
 * texts than queries do, or statements would mean something else.
 */
final class SessionSettings {

  /**
   * The functions of PostgreSQL come first, and the schemas of the role follow, since a condition
   * of the user may need them. A timeout of the role is meant for the shop's sessions: {@code
   * database.statement.timeout.ms} limits those of capture. Not all versions have each of them.
   */
  static final String SQL =
      """
      SET standard_conforming_strings = on;
      SELECT pg_catalog.set_config('search_path', pg_catalog.concat_ws(', ', 'pg_catalog',
        NULLIF(pg_catalog.current_setting('search_path'), '')), false);
      SET TimeZone = 'UTC'; SET DateStyle = 'ISO, MDY'; SET IntervalStyle = 'postgres';
      SET extra_float_digits = 3; SET bytea_output = 'hex'; SET array_nulls = on;
      SET quote_all_identifiers = off; SET default_transaction_read_only = off;
      SELECT set_config(name, '0', false) FROM pg_settings
      WHERE name IN ('lock_timeout', 'idle_in_transaction_session_timeout', 'idle_session_timeout',
                     'transaction_timeout') AND setting <> '0'
      """;

  private SessionSettings() {}
}
