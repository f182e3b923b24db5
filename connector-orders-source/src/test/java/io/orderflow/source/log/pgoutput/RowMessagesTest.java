package io.orderflow.source.log.pgoutput;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.log.pgoutput.LogMessage.Begin;
import io.orderflow.source.log.pgoutput.LogMessage.Commit;
import io.orderflow.source.log.pgoutput.LogMessage.Delete;
import io.orderflow.source.log.pgoutput.LogMessage.Insert;
import io.orderflow.source.log.pgoutput.LogMessage.OldRow;
import io.orderflow.source.log.pgoutput.LogMessage.Relation;
import io.orderflow.source.log.pgoutput.LogMessage.RelationColumn;
import io.orderflow.source.log.pgoutput.LogMessage.Update;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowMessagesTest {

  /** FirstNormalObjectId: types of PostgreSQL itself have smaller OIDs. */
  private static final long FIRST_OWN_OID = 16_384;

  @Test
  void transactionHasTheTimeAndLsnOfItsCommit() {
    // When
    Begin begin = Recording.only("insert with null", Begin.class);
    Commit commit = Recording.only("insert with null", Commit.class);

    // Then
    assertEquals(begin.commitLsn(), commit.commitLsn());
    assertEquals(begin.commitTime(), commit.commitTime());
    assertTrue(commit.commitLsn().isBefore(commit.endLsn()));
    assertTrue(begin.xid() > 0);
    assertTrue(
        Instant.ofEpochMilli(commit.commitTime()).isAfter(Instant.parse("2025-01-01T00:00:00Z")));
  }

  @Test
  void insertContainsTextsAndNulls() {
    // When
    Insert insert = Recording.only("insert with null", Insert.class);

    // Then
    assertEquals(Recording.only("insert with null", Relation.class).oid(), insert.relation());
    assertEquals(4, insert.row().size());
    assertEquals("1", insert.row().text(0));
    assertEquals("naïve", insert.row().text(1));
    assertEquals("b".repeat(4000), insert.row().text(2));
    assertEquals(Tuple.State.NULL, insert.row().state(3));
    assertThrows(IllegalStateException.class, () -> insert.row().text(3));
  }

  @Test
  void unchangedLargeValueIsNotSent() {
    // When
    Update update = Recording.only("update without the large value", Update.class);

    // Then
    assertNull(update.old());
    assertEquals("x", update.row().text(1));
    assertEquals(Tuple.State.UNCHANGED, update.row().state(2));
    assertEquals("1.50", update.row().text(3));
  }

  @Test
  void changeOfTheKeyContainsTheOldKey() {
    // When
    Update update = Recording.only("update of the key", Update.class);
    Delete delete = Recording.only("delete by key", Delete.class);

    // Then
    OldRow old = update.old();
    assertNotNull(old);
    assertEquals(OldRow.Kind.KEY, old.kind());
    assertEquals("1", old.tuple().text(0));
    assertEquals(Tuple.State.NULL, old.tuple().state(1));
    assertEquals("2", update.row().text(0));
    assertEquals(OldRow.Kind.KEY, delete.old().kind());
    assertEquals("2", delete.old().tuple().text(0));
  }

  @Test
  void replicaIdentityOfAnIndexContainsItsColumns() {
    // When
    Relation relation = Recording.only("update of the index", Relation.class);
    Update update = Recording.only("update of the index", Update.class);
    Delete delete = Recording.only("delete by index", Delete.class);

    // Then
    assertEquals(
        List.of(false, true, false), relation.columns().stream().map(RelationColumn::key).toList());
    OldRow old = update.old();
    assertNotNull(old);
    assertEquals(OldRow.Kind.KEY, old.kind());
    assertEquals("A", old.tuple().text(1));
    assertEquals("B", delete.old().tuple().text(1));
  }

  @Test
  void fullReplicaIdentityContainsTheOldRowWithLargeValues() {
    // When
    Relation relation = Recording.only("update of a full row", Relation.class);
    Update update = Recording.only("update of a full row", Update.class);
    Delete delete = Recording.only("delete of a full row", Delete.class);

    // Then
    assertTrue(relation.columns().stream().allMatch(RelationColumn::key));
    OldRow old = update.old();
    assertNotNull(old);
    assertEquals(OldRow.Kind.FULL, old.kind());
    assertEquals("x", old.tuple().text(1));
    assertEquals("b".repeat(4000), old.tuple().text(2));
    assertEquals("y", update.row().text(1));
    assertEquals(Tuple.State.UNCHANGED, update.row().state(2));
    assertEquals(OldRow.Kind.FULL, delete.old().kind());
    assertEquals("b".repeat(4000), delete.old().tuple().text(2));
  }

  @Test
  void insertNeedsNoReplicaIdentity() {
    // When
    Relation relation = Recording.only("insert without identity", Relation.class);

    // Then
    assertTrue(relation.columns().stream().noneMatch(RelationColumn::key));
    assertEquals("x", Recording.only("insert without identity", Insert.class).row().text(1));
  }

  @Test
  void relationDescribesItsColumns() {
    // When
    Relation relation = Recording.only("insert with null", Relation.class);

    // Then
    assertEquals("public", relation.schema());
    assertEquals("by_key", relation.table());
    assertEquals(
        List.of(
            new RelationColumn("id", true, 20, -1),
            new RelationColumn("name", false, 1043, 24),
            new RelationColumn("big", false, 25, -1),
            new RelationColumn("amount", false, 1700, (10 << 16 | 2) + 4)),
        relation.columns());
  }

  @Test
  void valuesOfUserDefinedTypesAreText() {
    // When
    Relation relation = Recording.only("own types", Relation.class);
    Tuple row = Recording.only("own types", Insert.class).row();

    // Then
    assertTrue(
        relation.columns().stream().skip(1).allMatch(column -> column.type() >= FIRST_OWN_OID));
    assertEquals("busy", row.text(1));
    assertEquals("(1,\"a,b\")", row.text(2));
    assertEquals("2.50", row.text(3));
  }

  @Test
  void alteredTableIsDescribedAgain() {
    // When
    List<Relation> relations = Recording.decoded("changing columns", Relation.class);
    List<Insert> inserts = Recording.decoded("changing columns", Insert.class);

    // Then
    assertEquals(
        List.of(
            List.of("id", "a", "b"),
            List.of("id", "a", "b", "c"),
            List.of("id", "b", "c"),
            List.of("id", "bb", "c"),
            List.of("id", "bb", "c")),
        relations.stream()
            .map(relation -> relation.columns().stream().map(RelationColumn::name).toList())
            .toList());
    assertEquals(23, relations.get(3).columns().get(1).type());
    assertEquals(1700, relations.get(4).columns().get(1).type());
    assertEquals("2026-11-22", inserts.get(1).row().text(3));
    assertEquals("1.000", inserts.get(4).row().text(1));
    assertEquals(3, inserts.get(4).row().size());
  }

  @Test
  void generatedColumnIsSentOnlyIfItIsPublished() {
    // When
    Insert without = Recording.only("generated column left out", Insert.class);
    Insert with = Recording.only("generated column published", Insert.class);

    // Then
    assertEquals(1, without.row().size());
    assertEquals("8", with.row().text(1));
    assertEquals(2, Recording.only("generated column published", Relation.class).columns().size());
  }
}
