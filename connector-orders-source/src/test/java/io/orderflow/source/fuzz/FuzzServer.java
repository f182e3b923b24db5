package io.orderflow.source.fuzz;

import io.orderflow.common.fixture.TestPostgres;
import io.orderflow.source.fixture.Shop;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A PostgreSQL server for one seed at a time. Transactions of other databases hold captures back,
 * so seeds that run side by side need a server each.
 */
final class FuzzServer implements AutoCloseable {

  /** A role that has no privileges at first. */
  static final String ROLE = "connector";

  private static final String CLEAR =
      """
      DROP OWNED BY connector;
      ALTER ROLE connector NOBYPASSRLS NOREPLICATION;
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

  private final TestPostgres server =
      TestPostgres.start(
          "track_commit_timestamp=on",
          "max_prepared_transactions=20",
          "wal_level=logical",
          "max_replication_slots=20",
          "max_wal_senders=20",
          "autovacuum=off",
          "full_page_writes=off",
          "fsync=off");

  /** Databases that are empty again; it takes longer to drop and create one. */
  private final Deque<Shop> empty = new ArrayDeque<>();

  /** An empty database. */
  Shop take() {
    if (!empty.isEmpty()) {
      return empty.pop();
    }
    Shop created = new Shop(server.url(server.createDatabase("shop")));
    created.run(
        "DO $do$ BEGIN CREATE ROLE connector LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $do$");
    return created;
  }

  /** Empties a database that nobody is connected to. */
  void giveBack(Shop shop) {
    rollBackPrepared(shop);
    shop.dropSlots();
    shop.run(CLEAR);
    empty.push(shop);
  }

  /** A history that fails may leave some, and they would keep their locks. */
  private static void rollBackPrepared(Shop shop) {
    String all =
        shop.value(
            "SELECT coalesce(string_agg(format('ROLLBACK PREPARED %L', gid), ';'), '') FROM pg_prepared_xacts WHERE database = current_database()");
    for (String sql : all.split(";", -1)) {
      if (!sql.isEmpty()) {
        shop.run(sql);
      }
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
