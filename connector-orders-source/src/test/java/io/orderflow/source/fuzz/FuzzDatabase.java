package io.orderflow.source.fuzz;

import io.orderflow.source.fixture.Shop;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;

/**
 * A database of a server, which one seed after another fills. The administrator's session stays
 * open: it takes the server longer to begin a session than to run most statements.
 */
final class FuzzDatabase implements AutoCloseable {

  /** A role that has no privileges at first. */
  static final String ROLE = "connector";

  private static final String ROLLBACKS_OF_PREPARED =
      "SELECT format('ROLLBACK PREPARED %L', gid) FROM pg_prepared_xacts WHERE database = current_database()";

  private static final String CLEAR =
      """
      RESET ALL;
      DROP OWNED BY connector;
      ALTER ROLE connector NOBYPASSRLS NOREPLICATION;
      SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots
      WHERE database = current_database() AND NOT active;
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
        GRANT USAGE ON SCHEMA public TO PUBLIC;
        EXECUTE format('ALTER DATABASE %I RESET ALL', current_database());
      END $do$
      """;

  private static final String CREATE_ROLE =
      "DO $do$ BEGIN CREATE ROLE connector LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $do$";

  /** After so many seeds, most rows of the catalog are dead, and all queries of it are slow. */
  private static final int SEEDS_UNTIL_VACUUM = 20;

  private final Shop shop;
  private final Connection administrator;
  private int seeds;

  FuzzDatabase(Shop shop) {
    this.shop = shop;
    try {
      administrator = shop.connect();
      // The tables of the next seed have the same names, and other columns.
      administrator.unwrap(PGConnection.class).setPrepareThreshold(0);
      run(CREATE_ROLE);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  Shop shop() {
    return shop;
  }

  /** A session to which no setting of the database applies, until the database is cleared. */
  Connection administrator() {
    return administrator;
  }

  /** Runs a statement, or several in one transaction, as the administrator. */
  void run(String sql) throws SQLException {
    try (Statement statement = administrator.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }

  /** Removes all that a seed has made, once nobody else is connected. */
  void clear() throws SQLException {
    // A history that fails may leave some, and they would keep their locks.
    for (String rollback : values(ROLLBACKS_OF_PREPARED)) {
      run(rollback);
    }
    run(CLEAR);
    seeds++;
    if (seeds % SEEDS_UNTIL_VACUUM == 0) {
      run("VACUUM");
    }
  }

  private List<String> values(String sql) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Statement statement = administrator.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }

  @Override
  public void close() throws SQLException {
    administrator.close();
  }
}
