package io.orderflow.source.log.pgoutput;

import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
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

  private final Shop shop = Postgres.newShop();
  private final LogRecorder recorder = new LogRecorder(shop);

  @Test
  void recordsTheMessagesOfAServer() throws IOException {
    // Given
    shop.run(TABLES);

    // When
    recordIdentities();
    recordSchemas();
    recordTruncatesAndMessages();

    // Then
    Files.createDirectories(FILE.getParent());
    List<String> lines = new ArrayList<>();
    lines.add(
        "# Sent by PostgreSQL "
            + shop.value("SHOW server_version")
            + "; made by LogRecordingTest.");
    lines.add("# Each line: the bytes of one message # name of the statements");
    lines.addAll(recorder.lines());
    Files.write(FILE, lines);
  }

  private void recordIdentities() {
    recorder.record(
        "insert with null", "INSERT INTO by_key VALUES (1, 'naïve', repeat('b', 4000), NULL)");
    recorder.record(
        "update without the large value",
        "UPDATE by_key SET name = 'x', amount = 1.5 WHERE id = 1");
    recorder.record("update of the key", "UPDATE by_key SET id = 2 WHERE id = 1");
    recorder.record("delete by key", "DELETE FROM by_key WHERE id = 2");
    recorder.record("insert by index", "INSERT INTO by_index VALUES (1, 'A', 'n')");
    recorder.record("update of the index", "UPDATE by_index SET code = 'B'");
    recorder.record("delete by index", "DELETE FROM by_index");
    recorder.record(
        "insert of a full row", "INSERT INTO by_row VALUES (1, 'x', repeat('b', 4000))");
    recorder.record("update of a full row", "UPDATE by_row SET name = 'y'");
    recorder.record("delete of a full row", "DELETE FROM by_row");
    recorder.record("insert without identity", "INSERT INTO by_nothing VALUES (1, 'x')");
  }

  private void recordSchemas() {
    recorder.record("own types", "INSERT INTO own_types VALUES (1, 'busy', '(1,\"a,b\")', 2.50)");
    recorder.record(
        "changing columns",
        "INSERT INTO changing VALUES (1, 'a', 1)",
        "ALTER TABLE changing ADD c date; INSERT INTO changing VALUES (2, 'a', 1, '2026-11-22')",
        "ALTER TABLE changing DROP a; INSERT INTO changing VALUES (3, 1, NULL)",
        "ALTER TABLE changing RENAME b TO bb; INSERT INTO changing VALUES (4, 1, NULL)",
        "ALTER TABLE changing ALTER bb TYPE numeric(8,3); INSERT INTO changing VALUES (5, 1,"
            + " NULL)");
    recorder.record("generated column left out", "INSERT INTO doubled VALUES (4)");
    recorder.record("generated column published", "INSERT INTO doubled_too VALUES (4)");
  }

  private void recordTruncatesAndMessages() {
    recorder.record("truncate", "TRUNCATE by_key");
    recorder.record("truncate with options", "TRUNCATE parents RESTART IDENTITY CASCADE");
    recorder.record("truncate of two", "TRUNCATE by_row, by_index, unpublished");
    recorder.record(
        "transactional message", "SELECT pg_logical_emit_message(true, 'note', 'héllo')");
    recorder.record(
        "message outside a transaction",
        "SELECT pg_logical_emit_message(false, 'note', '\\x00ff'::bytea)");
    recorder.record(
        "origin",
        "SELECT pg_replication_origin_create('elsewhere')",
        "SELECT pg_replication_origin_session_setup('elsewhere')",
        "BEGIN; SELECT pg_replication_origin_xact_setup('A/BC', now()); INSERT INTO by_key VALUES (3); COMMIT",
        "SELECT pg_replication_origin_session_reset(); SELECT pg_replication_origin_drop('elsewhere')");
  }
}
