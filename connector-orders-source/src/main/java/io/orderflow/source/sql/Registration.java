package io.orderflow.source.sql;

import static io.orderflow.common.database.Identifiers.literal;

import io.orderflow.common.database.TableName;

/**
 * A function in the database by which captures know of each other. It removes what one connector
 * has installed. Captures with the same tables share triggers, so a trigger is dropped only if it
 * is named in no other such function.
 *
 * @param connector the connector's name; empty for the shipped scripts, which belong to none
 * @param function the name of the function, which has no parameters
 */
record Registration(String connector, TableName function) {

  private static final String PURPOSE = "uninstall";

  /** The names of all such functions, as a pattern of LIKE. */
  private static final String PATTERN = "orderflow\\_" + PURPOSE + "\\_%";

  private static final String CONNECTOR = "-- Connector: ";

  /**
   * The registration of a connector.
   *
   * @param identity what its triggers do
   */
  static Registration of(String connector, TableName orders, String... identity) {
    String name =
        ObjectNames.ofTable(
            PURPOSE, orders.table(), connector, String.join("\0", identity), orders.quoted());
    return new Registration(connector, new TableName(orders.schema(), name));
  }

  /**
   * The statement that creates the function, or replaces it.
   *
   * @param script removes what the connector has installed, unless another capture needs it
   */
  String create(String script) {
    String body =
        "BEGIN\n"
            + (connector.isEmpty() ? "" : CONNECTOR + oneLine(connector) + "\n")
            + script.replaceAll("(?m)^(?:--.*|BEGIN;|COMMIT;|SET LOCAL .*|\\s*)\n", "")
            + "END\n";
    String dollars = "$uninstall$";
    for (int i = 0; body.contains(dollars); i++) {
      dollars = "$uninstall" + i + "$";
    }
    return """
        -- Captures that share tables know of each other by such functions. This one removes the capture, and leaves what others need.
        -- Stop the connector first, and reset its offsets: without triggers, changes are not recorded.
        CREATE OR REPLACE FUNCTION %s() RETURNS void
        LANGUAGE plpgsql SET lock_timeout = '5s' AS %s
        %s%s;
        """
        .formatted(function.quoted(), dollars, body, dollars);
  }

  /** The statement that drops the function. */
  String drop() {
    return "DROP FUNCTION IF EXISTS %s();\n".formatted(function.quoted());
  }

  /**
   * A condition: no other registered capture needs something.
   *
   * @param used the text by which the scripts of all that need it contain it
   */
  String isUnused(String used) {
    return "NOT EXISTS (SELECT FROM pg_proc WHERE proname LIKE '%s' AND proname <> %s AND strpos(prosrc, %s) > 0)"
        .formatted(PATTERN, literal(function.table()), literal(used));
  }

  /**
   * A query for the names of the other connectors with whose removal something would be dropped
   * that this one needs; without rows if its own registration or one of a shipped script contains
   * it, or if it has no name.
   *
   * @param used the text by which the scripts of all that need it contain it
   */
  String others(String used) {
    return """
        SELECT DISTINCT substring(prosrc FROM '%1$s([^\n]*)') FROM pg_proc
         WHERE proname LIKE '%2$s' AND strpos(prosrc, %3$s) > 0 AND strpos(prosrc, '%1$s') > 0
           AND %4$s AND NOT EXISTS (
             SELECT FROM pg_proc WHERE proname LIKE '%2$s' AND strpos(prosrc, %3$s) > 0
                AND (proname = %5$s OR strpos(prosrc, '%1$s') = 0))
         ORDER BY 1"""
        .formatted(
            CONNECTOR,
            PATTERN,
            literal(used),
            connector.isEmpty() ? "false" : "true",
            literal(function.table()));
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\R", " ");
  }
}
