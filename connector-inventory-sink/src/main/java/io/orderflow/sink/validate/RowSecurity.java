package io.orderflow.sink.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds out whether the policies of row-level security let the role use a table. Every command
 * needs a permissive policy, or it sees no row and writes none, and INSERT ... ON CONFLICT and
 * UPDATE need that of SELECT as well (manual, CREATE POLICY). What a policy allows depends on the
 * rows. If it forbids one, the record or the policy may be at fault: the task stops, unless others
 * of the batch prove that it is the record. Owners, superusers and roles with BYPASSRLS need no
 * policy, unless the table has FORCE ROW LEVEL SECURITY.
 */
final class RowSecurity {

  /** Policies that apply to the role. A policy that reads false allows, or leaves, nothing. */
  private static final String POLICIES =
      """
      WITH policy AS (
        SELECT polname, polpermissive, polcmd, polrelid,
               coalesce(pg_get_expr(polqual, polrelid), 'none') AS sees,
               coalesce(pg_get_expr(coalesce(polwithcheck, polqual), polrelid), 'none') AS writes
          FROM pg_policy
         WHERE polrelid = ?::regclass AND row_security_active(polrelid)
           AND EXISTS (SELECT FROM unnest(polroles) role
                        WHERE role = 0 OR pg_has_role(role, 'USAGE')))
      """;

  /** The commands without a policy. Parameters: the table, the commands, the table. */
  private static final String MISSING =
      POLICIES
          + """
          SELECT string_agg(command, ', ' ORDER BY n), quote_ident(current_user),
                 'orderflow' || coalesce('_' || (SELECT count(*) FROM pg_policy
                                                  WHERE polrelid = c.oid
                                                 HAVING 'orderflow' = ANY (array_agg(polname))), '')
            FROM pg_class c, unnest(?::text[]) WITH ORDINALITY AS needed (command, n)
           WHERE c.oid = ?::regclass AND row_security_active(c.oid)
             AND NOT EXISTS (
                   SELECT FROM policy
                    WHERE polpermissive
                      AND polcmd IN ('*', CASE command WHEN 'SELECT' THEN 'r' WHEN 'INSERT' THEN 'a'
                                                       WHEN 'UPDATE' THEN 'w' ELSE 'd' END)
                      AND (command = 'INSERT' OR sees NOT IN ('none', 'false'))
                      AND (command NOT IN ('INSERT', 'UPDATE') OR writes NOT IN ('none', 'false')))
           GROUP BY c.oid""";

  private static final String FORBIDDING =
      POLICIES
          + """
          SELECT quote_ident(polname), quote_ident(current_user)
            FROM policy WHERE NOT polpermissive AND 'false' IN (sees, writes)""";

  private RowSecurity() {}

  /**
   * Reports commands that no policy lets the role use.
   *
   * @param commands that the sink needs: SELECT, INSERT, UPDATE or DELETE
   */
  static List<Finding> check(
      Connection connection, String key, TableName table, List<String> commands)
      throws SQLException {
    List<Finding> findings = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(MISSING)) {
      statement.setString(1, table.quoted());
      statement.setArray(2, connection.createArrayOf("text", commands.toArray()));
      statement.setString(3, table.quoted());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          findings.add(
              new Finding(
                  key,
                  ("table %s has row-level security, and no policy lets role %s use %s. Run: CREATE"
                          + " POLICY %s ON %s TO %2$s USING (true) WITH CHECK (true);")
                      .formatted(
                          table,
                          row.getString(2),
                          row.getString(1),
                          row.getString(3),
                          table.quoted())));
        }
      }
    }
    findings.addAll(forbidding(connection, key, table));
    return findings;
  }

  private static List<Finding> forbidding(Connection connection, String key, TableName table)
      throws SQLException {
    List<Finding> findings = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(FORBIDDING)) {
      statement.setString(1, table.quoted());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          findings.add(
              new Finding(
                  key,
                  ("the restrictive policy %s of table %s forbids role %s every row. Run ALTER POLICY"
                          + " %1$s ON %s TO ... with the roles that it is meant for.")
                      .formatted(row.getString(1), table, row.getString(2), table.quoted())));
        }
      }
    }
    return findings;
  }
}
