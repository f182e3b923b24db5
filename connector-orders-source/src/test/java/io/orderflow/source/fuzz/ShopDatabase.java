package io.orderflow.source.fuzz;

import io.orderflow.source.fixture.Shop;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/** A database in which a history runs, with the states that its commits leave. */
final class ShopDatabase implements AutoCloseable {

  private static final int SESSIONS = 3;

  private final FuzzServer server;
  private final FuzzTables tables;
  private final FuzzDatabase database;
  private final @Nullable Connection[] sessions = new Connection[SESSIONS];
  private final ChangedRows[] changedRows = new ChangedRows[SESSIONS];
  private final long[] preparedXids = new long[SESSIONS];
  private final boolean[] truncates = new boolean[SESSIONS];
  private @Nullable StateReader reader;
  private @Nullable ShopLog log;

  /** Creates the tables; only then, the settings of the database apply. */
  ShopDatabase(FuzzServer server, FuzzTables tables) throws SQLException {
    this.server = server;
    this.tables = tables;
    this.database = server.take();
    for (String sql : tables.ddl()) {
      database.run(sql);
    }
    for (String setting : tables.databaseSettings()) {
      database.run(
          "DO $do$ BEGIN EXECUTE format('ALTER DATABASE %%I SET %s', current_database()); END $do$"
              .formatted(setting.replace("'", "''")));
    }
    for (int i = 0; i < SESSIONS; i++) {
      changedRows[i] = new ChangedRows();
    }
  }

  Shop shop() {
    return database.shop();
  }

  /** Begins to read the states; the present one is the first. */
  ShopLog observe() throws SQLException {
    StateReader opened = new StateReader(database.administrator(), tables);
    ShopLog states = new ShopLog(opened);
    reader = opened;
    log = states;
    states.committed(0, 0, lsn(opened), new ChangedRows(), false);
    return states;
  }

  /** Runs a step; returns how many rows it changed, or its error. */
  String run(Step step) throws SQLException {
    if (step instanceof Step.Begin begin) {
      return execute(begin.session(), "BEGIN ISOLATION LEVEL " + begin.isolation());
    }
    if (step instanceof Step.Commit commit) {
      return commit(commit.session(), "COMMIT", xid(commit.session()));
    }
    if (step instanceof Step.Rollback rollback) {
      String outcome = execute(rollback.session(), "ROLLBACK");
      forget(rollback.session());
      return outcome;
    }
    if (step instanceof Step.Prepare prepare) {
      preparedXids[prepare.session()] = xid(prepare.session());
      return execute(prepare.session(), "PREPARE TRANSACTION '%s'".formatted(gid(prepare)));
    }
    if (step instanceof Step.EndPrepared end) {
      return endPrepared(end);
    }
    return step instanceof Step.Sql sql ? run(sql) : "";
  }

  /** Unique on the server, and of one form in all databases of a history. */
  private String gid(Step step) {
    int session =
        step instanceof Step.Prepare prepare
            ? prepare.session()
            : ((Step.EndPrepared) step).session();
    return shop().database() + " " + session;
  }

  private String endPrepared(Step.EndPrepared end) throws SQLException {
    String sql = (end.commits() ? "COMMIT" : "ROLLBACK") + " PREPARED '" + gid(end) + "'";
    String outcome =
        end.commits()
            ? commit(end.session(), sql, preparedXids[end.session()])
            : execute(end.session(), sql);
    return outcome.replace(gid(end), "gid");
  }

  private String run(Step.Sql sql) throws SQLException {
    int session = sql.session();
    truncates[session] |= sql.sql().startsWith("TRUNCATE");
    if (log != null && (sql.changesSchema() || sql.sql().startsWith("VACUUM"))) {
      log.rewritten();
    }
    if (sql.changesSchema() && log != null) {
      return changeSchema(sql, log);
    }
    return sql.rows().isEmpty() ? execute(session, sql.sql()) : copy(sql);
  }

  private String changeSchema(Step.Sql sql, ShopLog states) throws SQLException {
    Connection session = session(sql.session());
    ChangedRows rows = changedRows[sql.session()];
    if (!hasFailed(session)) {
      rows.beforeSchemaChange(states.lastStates(), StateReader.readWithin(session, tables));
    }
    String outcome = execute(sql.session(), sql.sql());
    if (!hasFailed(session)) {
      rows.afterSchemaChange(StateReader.readWithin(session, tables), sql.effect());
    }
    return outcome;
  }

  private Connection session(int number) throws SQLException {
    Connection session = sessions[number];
    if (session == null) {
      session = shop().connect();
      sessions[number] = session;
    }
    return session;
  }

  private static boolean hasFailed(Connection session) throws SQLException {
    return session.unwrap(BaseConnection.class).getTransactionState() == TransactionState.FAILED;
  }

  private void forget(int session) {
    truncates[session] = false;
    changedRows[session] = new ChangedRows();
  }

  private String execute(int session, String sql) {
    try (Statement statement = session(session).createStatement()) {
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
          + session(sql.session())
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
    // The context of a COPY shows as much of a line as the server happened to have read, and the
    // detail shows values of volatile defaults, and of IDs whose type a fix has changed.
    return "error "
        + e.getSQLState()
        + " "
        + String.valueOf(e.getMessage()).replaceAll("(?s)\\n *(Detail: |Where: COPY).*", "");
  }

  private String commit(int session, String sql, long xid) throws SQLException {
    StateReader states = reader;
    ShopLog commits = log;
    if (states == null || commits == null) {
      return execute(session, sql);
    }
    // COMMIT of a transaction in which a statement has failed rolls it back.
    if (hasFailed(session(session))) {
      forget(session);
    }
    long from = lsn(states);
    String outcome = execute(session, sql);
    boolean failed = outcome.startsWith("error");
    // A COMMIT that fails, as one that checks a deferred constraint may, has rolled back.
    if (failed) {
      forget(session);
    }
    commits.committed(
        failed ? 0 : xid, from, lsn(states), changedRows[session], truncates[session]);
    forget(session);
    return outcome;
  }

  /** The transaction's ID; 0 if it has none, or has failed, or before the states are read. */
  private long xid(int session) {
    if (log == null) {
      return 0;
    }
    try (Statement statement = session(session).createStatement();
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
      if (session != null) {
        session.close();
      }
    }
    server.giveBack(database);
  }
}
