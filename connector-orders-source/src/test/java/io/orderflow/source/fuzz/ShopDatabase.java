package io.orderflow.source.fuzz;

import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** A database in which a history runs, with the states that its commits leave. */
final class ShopDatabase implements AutoCloseable {

  private static final int SESSIONS = 3;

  /** Databases that are empty again; it takes longer to drop and create one. */
  private static final Deque<Shop> EMPTY = new ArrayDeque<>();

  private static final String CLEAR =
      """
      DO $do$
      DECLARE name text;
      BEGIN
        FOR name IN SELECT pubname FROM pg_publication LOOP
          EXECUTE format('DROP PUBLICATION %I', name);
        END LOOP;
        FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
          EXECUTE format('DROP SCHEMA %I CASCADE', name);
        END LOOP;
        CREATE SCHEMA public;
        EXECUTE format('ALTER DATABASE %I RESET ALL', current_database());
      END $do$
      """;

  private final Shop shop = EMPTY.isEmpty() ? Postgres.newShop() : EMPTY.pop();
  private final List<Connection> sessions = new ArrayList<>();
  private final boolean[] changesSchema = new boolean[SESSIONS];
  private final boolean[] truncates = new boolean[SESSIONS];
  private @Nullable StateReader reader;
  private @Nullable ShopLog log;

  /** Creates the tables; only then, the settings of the database apply. */
  ShopDatabase(FuzzTables tables) throws SQLException {
    tables.ddl().forEach(shop::run);
    for (String setting : tables.databaseSettings()) {
      shop.run(
          "DO $do$ BEGIN EXECUTE format('ALTER DATABASE %%I SET %s', current_database()); END $do$"
              .formatted(setting.replace("'", "''")));
    }
    for (int i = 0; i < SESSIONS; i++) {
      sessions.add(shop.connect());
    }
  }

  Shop shop() {
    return shop;
  }

  /** Begins to read the states; the present one is the first. */
  ShopLog observe(FuzzTables tables) throws SQLException {
    StateReader opened = new StateReader(shop, tables);
    ShopLog states = new ShopLog(opened);
    reader = opened;
    log = states;
    states.committed(0, 0, lsn(opened), false, false);
    return states;
  }

  /** Runs a step; returns how many rows it changed, or its error. */
  String run(Step step) throws SQLException {
    if (step instanceof Step.Begin begin) {
      return execute(begin.session(), "BEGIN ISOLATION LEVEL " + begin.isolation());
    }
    if (step instanceof Step.Commit commit) {
      return commit(commit.session());
    }
    if (step instanceof Step.Rollback rollback) {
      changesSchema[rollback.session()] = false;
      truncates[rollback.session()] = false;
      return execute(rollback.session(), "ROLLBACK");
    }
    if (step instanceof Step.Sql sql) {
      changesSchema[sql.session()] |= sql.changesSchema();
      truncates[sql.session()] |= sql.sql().startsWith("TRUNCATE");
      if (log != null && (sql.changesSchema() || sql.sql().startsWith("VACUUM"))) {
        log.rewritten();
      }
      return sql.rows().isEmpty() ? execute(sql.session(), sql.sql()) : copy(sql);
    }
    return "";
  }

  private String execute(int session, String sql) {
    try (Statement statement = sessions.get(session).createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
      return "rows " + statement.getUpdateCount();
    } catch (SQLException e) {
      return error(e);
    }
  }

  private String copy(Step.Sql sql) {
    try {
      return "rows "
          + sessions
              .get(sql.session())
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyIn(sql.sql(), new StringReader(sql.rows()));
    } catch (SQLException e) {
      return error(e);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String error(SQLException e) {
    return "error " + e.getSQLState() + " " + e.getMessage();
  }

  private String commit(int session) throws SQLException {
    StateReader states = reader;
    ShopLog commits = log;
    if (states == null || commits == null) {
      return execute(session, "COMMIT");
    }
    long xid = xid(session);
    long from = lsn(states);
    String outcome = execute(session, "COMMIT");
    commits.committed(xid, from, lsn(states), changesSchema[session], truncates[session]);
    truncates[session] = false;
    changesSchema[session] = false;
    return outcome;
  }

  /** The transaction's ID; 0 if it has none, or has failed. */
  private long xid(int session) {
    try (Statement statement = sessions.get(session).createStatement();
        var row =
            statement.executeQuery(
                "SELECT coalesce(pg_current_xact_id_if_assigned(), '0')::text")) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      return 0;
    }
  }

  private static long lsn(StateReader reader) throws SQLException {
    return Long.parseLong(
        String.valueOf(reader.value("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")));
  }

  @Override
  public void close() throws SQLException {
    for (Connection session : sessions) {
      session.close();
    }
    if (reader != null) {
      reader.close();
    }
    shop.dropSlots();
    shop.run(CLEAR);
    EMPTY.push(shop);
  }
}
