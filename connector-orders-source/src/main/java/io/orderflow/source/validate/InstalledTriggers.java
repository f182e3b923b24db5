package io.orderflow.source.validate;

import io.orderflow.common.database.TableName;
import io.orderflow.source.sql.Trigger;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The triggers that a table and its partitions have.
 *
 * @param byMember by the name of the table or partition, quoted for SQL, and by the trigger's name
 */
record InstalledTriggers(Map<String, Map<String, Installed>> byMember) {

  private static final String READ =
      """
      SELECT quote_ident(mn.nspname) || '.' || quote_ident(m.relname), t.tgname, t.tgenabled, t.tgtype,
             t.tgoldtable, t.tgnewtable,
             t.tgattr::text <> '' OR t.tgnargs > 0 OR t.tgconstraint <> 0,
             substring(pg_get_triggerdef(t.oid) FROM ' WHEN \\((.*)\\) EXECUTE FUNCTION '),
             fn.nspname, f.proname, f.prosrc, f.prosecdef, f.proconfig
      FROM pg_catalog.pg_class r
      JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
      JOIN pg_catalog.pg_class m ON m.relkind IN ('r', 'p')
        AND (m.oid = r.oid OR m.oid IN (SELECT relid FROM pg_partition_tree(r.oid)))
      JOIN pg_catalog.pg_namespace mn ON mn.oid = m.relnamespace
      LEFT JOIN pg_catalog.pg_trigger t ON t.tgrelid = m.oid AND t.tgname LIKE 'orderflow\\_%'
      LEFT JOIN pg_catalog.pg_proc f ON f.oid = t.tgfoid
      LEFT JOIN pg_catalog.pg_namespace fn ON fn.oid = f.pronamespace
      WHERE rn.nspname = ? AND r.relname = ?
      """;

  /** A trigger and its function, as the catalog has them. */
  record Installed(
      String enabled,
      int type,
      boolean hasOldRows,
      boolean hasNewRows,
      boolean hasMore,
      @Nullable String condition,
      TableName function,
      String body,
      boolean definer,
      Set<String> settings) {

    /** Whether it does what a capture needs once it is enabled. */
    boolean does(Trigger expected) {
      return type == expected.type()
          && hasOldRows == expected.hasOldRows()
          && hasNewRows == expected.hasNewRows()
          && !hasMore
          && normalized(condition).equals(normalized(expected.condition()))
          && function.equals(expected.function().name())
          && spaced(body).equals(spaced(expected.function().body()))
          && definer == expected.function().definer()
          && settings.equals(new HashSet<>(expected.function().settings()));
    }

    /** Whether it fires whatever {@code session_replication_role} is. */
    boolean firesAlways() {
      return enabled.equals("A");
    }

    /** The server adds parentheses and casts, and quotes only the names that need it. */
    private static String normalized(@Nullable String text) {
      return text == null ? "" : text.replaceAll("::\\w+|[\\s()\"]", "").toLowerCase(Locale.ROOT);
    }

    /** Clients may have changed the ends of lines. */
    private static String spaced(String text) {
      return text.strip().replaceAll("\\s+", " ");
    }
  }

  static InstalledTriggers read(Connection connection, TableName table) throws SQLException {
    Map<String, Map<String, Installed>> byMember = new TreeMap<>();
    try (PreparedStatement statement = connection.prepareStatement(READ)) {
      statement.setString(1, table.schema());
      statement.setString(2, table.table());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          Map<String, Installed> triggers =
              byMember.computeIfAbsent(row.getString(1), member -> new HashMap<>());
          String name = row.getString(2);
          if (name != null) {
            triggers.put(name, installed(row));
          }
        }
      }
    }
    return new InstalledTriggers(byMember);
  }

  private static Installed installed(ResultSet row) throws SQLException {
    Array settings = row.getArray(13);
    return new Installed(
        row.getString(3),
        row.getInt(4),
        Trigger.OLD_ROWS.equals(row.getString(5)),
        Trigger.NEW_ROWS.equals(row.getString(6)),
        row.getBoolean(7),
        row.getString(8),
        new TableName(row.getString(9), row.getString(10)),
        row.getString(11),
        row.getBoolean(12),
        settings == null ? Set.of() : unquoted((String[]) settings.getArray()));
  }

  /** The server has quoted the names if {@code quote_all_identifiers} was on. */
  private static Set<String> unquoted(String[] settings) {
    return Arrays.stream(settings)
        .map(setting -> setting.replace("\"", ""))
        .collect(Collectors.toSet());
  }

  /** The table and its partitions, quoted for SQL. */
  List<String> members() {
    return List.copyOf(byMember.keySet());
  }

  /** The trigger of a member with this name. */
  Optional<Installed> find(String member, String name) {
    return Optional.ofNullable(byMember.getOrDefault(member, Map.of()).get(name));
  }
}
