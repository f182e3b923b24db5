package io.orderflow.source;

import io.orderflow.source.log.pgoutput.Streaming;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Makes the recording that the decoder's tests read: -Dorderflow.record=true. */
@EnabledIfSystemProperty(
    named = "orderflow.record",
    matches = "true",
    disabledReason =
        "records golden data: mvn -B test -pl connector-orders-source -am -Dtest=LogRecordingTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dorderflow.record=true")
class LogRecordingTest {

  private static final Path FILE = Path.of("src/test/resources/pgoutput/recorded.txt");

  private static final String TABLES =
      """
      CREATE TYPE mood AS ENUM ('calm', 'busy');
      CREATE TYPE pair AS (a integer, b text);
      CREATE DOMAIN price AS numeric(10,2);
      CREATE TABLE by_key (id bigint PRIMARY KEY, name varchar(20), big text, amount numeric(10,2));
      ALTER TABLE by_key ALTER big SET STORAGE EXTERNAL;
      CREATE TABLE by_index (id bigint, code text NOT NULL UNIQUE, note text);
      ALTER TABLE by_index REPLICA IDENTITY USING INDEX by_index_code_key;
      CREATE TABLE by_row (id bigint, name text, big text);
      ALTER TABLE by_row REPLICA IDENTITY FULL;
      ALTER TABLE by_row ALTER big SET STORAGE EXTERNAL;
      CREATE TABLE by_nothing (id bigint, name text);
      ALTER TABLE by_nothing REPLICA IDENTITY NOTHING;
      CREATE TABLE own_types (id bigint PRIMARY KEY, m mood, p pair, d price);
      CREATE TABLE changing (id bigint PRIMARY KEY, a text, b integer);
      CREATE TABLE doubled (id bigint PRIMARY KEY, twice bigint GENERATED ALWAYS AS (id * 2) STORED);
      CREATE TABLE doubled_too (id bigint PRIMARY KEY, twice bigint GENERATED ALWAYS AS (id * 2) STORED);
      CREATE TABLE parents (id serial PRIMARY KEY);
      CREATE TABLE children (id serial PRIMARY KEY, parent integer REFERENCES parents);
      CREATE TABLE unpublished (filler text);
      CREATE PUBLICATION recorded FOR TABLE by_key, by_index, by_row, by_nothing, own_types, changing, doubled, parents, children;
      CREATE PUBLICATION recorded_generated FOR TABLE doubled_too WITH (publish_generated_columns = stored);
      """;

  /** Takes more than logical_decoding_work_mem, and sends nothing. */
  private static final String FILLER =
      "INSERT INTO unpublished SELECT repeat('x', 500) FROM generate_series(1, 400)";

  private final Shop shop = Postgres.newShop();
  private final LogRecorder recorder = new LogRecorder(shop);

  @Test
  void recordsWhatTheServerSends() throws IOException {
    // Given
    shop.run(TABLES);
    shop.run(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET logical_decoding_work_mem = ''64kB''',"
            + " current_database()); END $$");
    // When
    recordIdentities();
    recordSchemas();
    recordTruncatesAndMessages();
    recordPrepared();
    recordBlocks();

    // Then
    Files.createDirectories(FILE.getParent());
    List<String> lines = new ArrayList<>();
    lines.add(
        "# Sent by PostgreSQL "
            + shop.value("SHOW server_version")
            + "; made by LogRecordingTest.");
    lines.add("# Each line: the bytes of one message # streaming: what made it");
    lines.addAll(recorder.lines());
    Files.write(FILE, lines);
  }

  private void recordIdentities() {
    off("insert with null", "INSERT INTO by_key VALUES (1, 'naïve', repeat('b', 4000), NULL)");
    off("update beside the large value", "UPDATE by_key SET name = 'x', amount = 1.5 WHERE id = 1");
    off("update of the key", "UPDATE by_key SET id = 2 WHERE id = 1");
    off("delete by key", "DELETE FROM by_key WHERE id = 2");
    off("insert by index", "INSERT INTO by_index VALUES (1, 'A', 'n')");
    off("update of the index", "UPDATE by_index SET code = 'B'");
    off("delete by index", "DELETE FROM by_index");
    off("insert of a whole row", "INSERT INTO by_row VALUES (1, 'x', repeat('b', 4000))");
    off("update of a whole row", "UPDATE by_row SET name = 'y'");
    off("delete of a whole row", "DELETE FROM by_row");
    off("insert without identity", "INSERT INTO by_nothing VALUES (1, 'x')");
    recorder.record(
        "insert in binary",
        Streaming.OFF,
        "binary",
        "INSERT INTO by_key VALUES (9, 'x', NULL, 1.5)");
  }

  private void recordSchemas() {
    off("own types", "INSERT INTO own_types VALUES (1, 'busy', '(1,\"a,b\")', 2.50)");
    off(
        "changing columns",
        "INSERT INTO changing VALUES (1, 'a', 1)",
        "ALTER TABLE changing ADD c date; INSERT INTO changing VALUES (2, 'a', 1, '2026-11-22')",
        "ALTER TABLE changing DROP a; INSERT INTO changing VALUES (3, 1, NULL)",
        "ALTER TABLE changing RENAME b TO bb; INSERT INTO changing VALUES (4, 1, NULL)",
        "ALTER TABLE changing ALTER bb TYPE numeric(8,3); INSERT INTO changing VALUES (5, 1,"
            + " NULL)");
    off("generated column left out", "INSERT INTO doubled VALUES (4)");
    off("generated column published", "INSERT INTO doubled_too VALUES (4)");
  }

  private void recordTruncatesAndMessages() {
    off("truncate", "TRUNCATE by_key");
    off("truncate with options", "TRUNCATE parents RESTART IDENTITY CASCADE");
    off("truncate of two", "TRUNCATE by_row, by_index, unpublished");
    off("transactional message", "SELECT pg_logical_emit_message(true, 'note', 'héllo')");
    off("message of its own", "SELECT pg_logical_emit_message(false, 'note', '\\x00ff'::bytea)");
    off(
        "origin",
        "SELECT pg_replication_origin_create('elsewhere')",
        "SELECT pg_replication_origin_session_setup('elsewhere')",
        "BEGIN; SELECT pg_replication_origin_xact_setup('A/BC', now()); INSERT INTO by_key VALUES"
            + " (3); COMMIT",
        "SELECT pg_replication_origin_session_reset(); SELECT"
            + " pg_replication_origin_drop('elsewhere')");
  }

  private void recordPrepared() {
    off(
        "prepared and committed",
        "BEGIN; INSERT INTO by_key VALUES (4); PREPARE TRANSACTION 'kept'",
        "COMMIT PREPARED 'kept'");
    off(
        "prepared and undone",
        "BEGIN; INSERT INTO by_key VALUES (5); PREPARE TRANSACTION 'dropped'",
        "ROLLBACK PREPARED 'dropped'");
    recorder.record(
        "prepared in blocks",
        Streaming.ON,
        "text",
        "BEGIN; INSERT INTO by_key VALUES (6); " + FILLER,
        "PREPARE TRANSACTION 'large'",
        "COMMIT PREPARED 'large'");
  }

  private void recordBlocks() {
    String[] large = {
      "BEGIN; INSERT INTO own_types VALUES (7, 'calm'); INSERT INTO by_row VALUES (7, 'a', 'b')",
      FILLER,
      "SELECT pg_logical_emit_message(true, 'note', 'in a block'); UPDATE by_row SET name = 'c';"
          + " TRUNCATE by_key",
      "SAVEPOINT s; INSERT INTO by_key VALUES (8); " + FILLER,
      "ROLLBACK TO s",
      "DELETE FROM by_row; " + FILLER,
      "COMMIT; DELETE FROM own_types WHERE id = 7"
    };
    String[] undone = {"BEGIN; INSERT INTO by_key VALUES (9); " + FILLER, "ROLLBACK"};
    for (Streaming streaming : new Streaming[] {Streaming.ON, Streaming.PARALLEL}) {
      recorder.record("large transaction", streaming, "text", large);
      recorder.record("large transaction undone", streaming, "text", undone);
    }
  }

  private void off(String what, String... statements) {
    recorder.record(what, Streaming.OFF, "text", statements);
  }
}
