package io.orderflow.source;

import io.orderflow.common.fixture.TestPostgres;

/** One real PostgreSQL for all tests of a JVM, with a database for each test that asks. */
final class Postgres {

  private static final TestPostgres SERVER =
      TestPostgres.start(
          "track_commit_timestamp=on",
          "max_prepared_transactions=4",
          "wal_level=logical",
          "max_replication_slots=50",
          "max_wal_senders=50",
          "fsync=off");

  private Postgres() {}

  /** A new, empty database. */
  static Shop newShop() {
    return new Shop(SERVER.url(SERVER.createDatabase("shop")));
  }

  /** The first part of the server's version, for tests of newer servers only. */
  static int majorVersion() {
    return SERVER.majorVersion();
  }
}
