package io.orderflow.source.validate;

import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.TableName;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.UnusableTablesException;
import io.orderflow.source.sql.InstallSql;
import io.orderflow.source.sql.Trigger;
import io.orderflow.source.sql.TriggerFunction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks that row security hides no rows from the functions of the triggers. They run with the
 * rights of their owner, and an order that he does not see gets no new version.
 */
public record RowSecurityCheck(CapturedTables tables, InstallSql sql) {

  private static final String NOT_RECORDED =
      """

      Changes of orders that were hidden are not recorded: then update these orders, or stop the connector and reset its offsets (DELETE /connectors/NAME/offsets), after which all orders are captured again""";

  /** The role that the fix creates, for all databases of a server. */
  private static final String ROLE = "orderflow_triggers";

  /** The conditions under which PostgreSQL applies policies to a role, see its ddl-rowsecurity. */
  private static final String HIDDEN =
      """
      SELECT DISTINCT r.rolname, quote_ident(n.nspname) || '.' || quote_ident(c.relname)
      FROM unnest(?::text[], ?::text[]) AS named (nspname, proname)
      JOIN pg_catalog.pg_namespace pn ON pn.nspname = named.nspname
      JOIN pg_catalog.pg_proc p ON p.proname = named.proname AND p.pronamespace = pn.oid AND p.prosecdef
      JOIN pg_catalog.pg_roles r ON r.oid = p.proowner AND NOT r.rolsuper AND NOT r.rolbypassrls
      CROSS JOIN unnest(?::regclass[]) AS root
      JOIN pg_catalog.pg_class c
        ON c.oid = root OR c.oid IN (SELECT relid FROM pg_partition_tree(root))
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relrowsecurity
        AND (c.relforcerowsecurity OR NOT pg_has_role(r.oid, c.relowner, 'USAGE'))
      ORDER BY 1, 2
      """;

  /**
   * Requires that row security hides no rows.
   *
   * @throws UnusableTablesException with the fix
   */
  public void requireNone(Connection connection) throws SQLException {
    for (Finding finding : findings(connection)) {
      throw new UnusableTablesException(finding.key(), finding.message() + NOT_RECORDED);
    }
  }

  /** At most one finding, with a fix that a superuser runs. */
  List<Finding> findings(Connection connection) throws SQLException {
    List<TableName> watched = tables.watchedTables();
    List<TriggerFunction> functions =
        Stream.of(
                sql.itemsTriggers(),
                tables.deletes() == null ? List.<Trigger>of() : sql.deletesTriggers(),
                watched.stream().flatMap(table -> sql.watchTriggers(table).stream()).toList())
            .flatMap(List::stream)
            .map(Trigger::function)
            .filter(TriggerFunction::definer)
            .distinct()
            .toList();
    if (functions.isEmpty()) {
      return List.of();
    }
    Set<String> owners = new TreeSet<>();
    Set<String> hidden = new TreeSet<>();
    try (PreparedStatement statement = connection.prepareStatement(HIDDEN)) {
      statement.setArray(
          1,
          connection.createArrayOf(
              "text", functions.stream().map(f -> f.name().schema()).toArray()));
      statement.setArray(
          2,
          connection.createArrayOf(
              "text", functions.stream().map(f -> f.name().table()).toArray()));
      statement.setArray(
          3,
          connection.createArrayOf(
              "text",
              Stream.concat(
                      Stream.of(tables.orders(), tables.items(), tables.deletes())
                          .flatMap(Stream::ofNullable),
                      watched.stream())
                  .map(TableName::quoted)
                  .toArray()));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          owners.add(row.getString(1));
          hidden.add(row.getString(2));
        }
      }
    }
    return owners.isEmpty() ? List.of() : List.of(finding(functions, owners, hidden));
  }

  /**
   * The fix gives the functions another owner: without row security, the present one would see more
   * rows in the shop's own statements.
   */
  private static Finding finding(
      List<TriggerFunction> functions, Set<String> owners, Set<String> hidden) {
    List<String> fix = new ArrayList<>();
    fix.add(
        "DO $do$ BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '%1$s') THEN CREATE ROLE %1$s NOLOGIN BYPASSRLS; END IF; END $do$;"
            .formatted(ROLE));
    owners.forEach(owner -> fix.add("GRANT %s TO %s;".formatted(quote(owner), ROLE)));
    functions.forEach(
        function -> fix.add("ALTER FUNCTION %s OWNER TO %s;".formatted(function.call(), ROLE)));
    return new Finding(
        TableSettings.ORDERS_TABLE,
        "row security may hide rows of %s from %s, whose rights the functions of the triggers have, so changes would be lost. A superuser gives the functions to a role that sees all rows, and from then on runs the installation script, since nobody else may replace them:\n%s"
            .formatted(
                String.join(", ", hidden),
                owners.stream().map(owner -> quote(owner)).collect(Collectors.joining(", ")),
                String.join("\n", fix)));
  }
}
