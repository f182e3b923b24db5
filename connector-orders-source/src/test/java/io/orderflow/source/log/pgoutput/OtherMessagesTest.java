package io.orderflow.source.log.pgoutput;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.log.pgoutput.LogMessage.BeginPrepare;
import io.orderflow.source.log.pgoutput.LogMessage.CommitPrepared;
import io.orderflow.source.log.pgoutput.LogMessage.Delete;
import io.orderflow.source.log.pgoutput.LogMessage.Insert;
import io.orderflow.source.log.pgoutput.LogMessage.Message;
import io.orderflow.source.log.pgoutput.LogMessage.Origin;
import io.orderflow.source.log.pgoutput.LogMessage.Prepare;
import io.orderflow.source.log.pgoutput.LogMessage.Relation;
import io.orderflow.source.log.pgoutput.LogMessage.RollbackPrepared;
import io.orderflow.source.log.pgoutput.LogMessage.StreamAbort;
import io.orderflow.source.log.pgoutput.LogMessage.StreamCommit;
import io.orderflow.source.log.pgoutput.LogMessage.StreamPrepare;
import io.orderflow.source.log.pgoutput.LogMessage.StreamStart;
import io.orderflow.source.log.pgoutput.LogMessage.StreamStop;
import io.orderflow.source.log.pgoutput.LogMessage.Truncate;
import io.orderflow.source.log.pgoutput.LogMessage.Update;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OtherMessagesTest {

  @Test
  void everyKindOfMessageWasRecorded() {
    // Given
    Set<Byte> kinds = new HashSet<>();

    // When
    Recording.all().forEach(line -> kinds.add(line.bytes()[0]));

    // Then
    assertEquals(19, kinds.size());
  }

  @Test
  void truncateNamesAllPublishedTablesAndItsOptions() {
    // When
    Truncate plain = Recording.only("truncate", Truncate.class);
    Truncate withOptions = Recording.only("truncate with options", Truncate.class);
    Truncate two = Recording.only("truncate of two", Truncate.class);

    // Then
    assertEquals(
        new Truncate(
            LogMessage.NONE,
            List.of(Recording.only("truncate", Relation.class).oid()),
            false,
            false),
        plain);
    assertEquals(oids("truncate with options"), Set.copyOf(withOptions.relations()));
    assertTrue(withOptions.cascade());
    assertTrue(withOptions.restartIdentity());
    assertEquals(oids("truncate of two"), Set.copyOf(two.relations()));
    assertFalse(two.cascade());
  }

  private static Set<Long> oids(String made) {
    Set<Long> oids = new HashSet<>();
    Recording.decoded(Streaming.OFF, made, Relation.class).forEach(table -> oids.add(table.oid()));
    assertEquals(2, oids.size());
    return oids;
  }

  @Test
  void emittedMessagesTellWhetherTheyBelongToTheirTransaction() {
    // When
    Message inside = Recording.only("transactional message", Message.class);
    Message alone = Recording.only("message of its own", Message.class);

    // Then
    assertTrue(inside.transactional());
    assertEquals("note", inside.prefix());
    assertEquals("héllo", StandardCharsets.UTF_8.decode(inside.content()).toString());
    assertFalse(alone.transactional());
    assertEquals(ByteBuffer.wrap(new byte[] {0, (byte) 0xff}), alone.content());
    assertTrue(alone.lsn() > inside.lsn());
    assertEquals(1, Recording.decoded(Streaming.OFF, "message of its own").size());
  }

  @Test
  void originTellsTheNameAndWhereItWasCommittedOverThere() {
    // When
    Origin origin = Recording.only("origin", Origin.class);

    // Then
    assertEquals(new Origin(0xA_0000_00BCL, "elsewhere"), origin);
  }

  @Test
  void preparedTransactionIsToldBeforeItsEnd() {
    // When
    BeginPrepare begin = Recording.only("prepared and committed", BeginPrepare.class);
    Prepare prepare = Recording.only("prepared and committed", Prepare.class);
    CommitPrepared commit = Recording.only("prepared and committed", CommitPrepared.class);

    // Then
    assertEquals("kept", begin.gid());
    assertEquals(
        new Prepare(begin.prepareLsn(), begin.endLsn(), begin.prepareTime(), begin.xid(), "kept"),
        prepare);
    assertEquals("kept", commit.gid());
    assertEquals(begin.xid(), commit.xid());
    assertTrue(prepare.endLsn() <= commit.commitLsn());
    assertTrue(prepare.prepareTime() <= commit.commitTime());
  }

  @Test
  void preparedTransactionCanBeUndone() {
    // When
    Prepare prepare = Recording.only("prepared and undone", Prepare.class);
    RollbackPrepared undone = Recording.only("prepared and undone", RollbackPrepared.class);

    // Then
    assertEquals("dropped", undone.gid());
    assertEquals(prepare.xid(), undone.xid());
    assertEquals(prepare.endLsn(), undone.prepareEndLsn());
    assertEquals(prepare.prepareTime(), undone.prepareTime());
    assertTrue(undone.rollbackTime() >= undone.prepareTime());
    assertTrue(undone.endLsn() > undone.prepareEndLsn());
  }

  @Test
  void blocksCanEndInAPrepare() {
    // Given
    String made = "prepared in blocks";

    // When
    List<LogMessage> messages = Recording.decoded(Streaming.ON, made);
    StreamPrepare prepare = Recording.decoded(Streaming.ON, made, StreamPrepare.class).get(0);

    // Then
    assertEquals(new StreamStart(prepare.xid(), true), messages.get(0));
    assertEquals("large", prepare.gid());
    assertTrue(prepare.prepareLsn() < prepare.endLsn());
    assertEquals(1, Recording.decoded(Streaming.ON, made, CommitPrepared.class).size());
  }

  @ParameterizedTest
  @EnumSource(names = {"ON", "PARALLEL"})
  void blocksTellTheTransactionOfEachChange(Streaming streaming) {
    // Given
    String made = "large transaction";

    // When
    List<LogMessage> messages = Recording.decoded(streaming, made);
    StreamCommit commit = Recording.decoded(streaming, made, StreamCommit.class).get(0);
    List<Insert> inserts = Recording.decoded(streaming, made, Insert.class);

    // Then
    long xid = commit.xid();
    assertEquals(new StreamStart(xid, true), messages.get(0));
    assertTrue(messages.contains(new StreamStart(xid, false)));
    assertTrue(messages.contains(new StreamStop()));
    assertEquals(xid, inserts.get(0).xid());
    assertEquals("calm", inserts.get(0).row().text(1));
    assertEquals(xid, Recording.decoded(streaming, made, Message.class).get(0).xid());
    assertEquals(xid, Recording.decoded(streaming, made, Update.class).get(0).xid());
    assertEquals(xid, Recording.decoded(streaming, made, Truncate.class).get(0).xid());
    assertTrue(commit.commitLsn() < commit.endLsn());
    // After ROLLBACK TO the savepoint is begun anew; and the delete after the commit is in no
    // block.
    List<Delete> deletes = Recording.decoded(streaming, made, Delete.class);
    assertTrue(deletes.get(0).xid() > inserts.get(2).xid());
    assertEquals(LogMessage.NONE, deletes.get(1).xid());
  }

  @ParameterizedTest
  @EnumSource(names = {"ON", "PARALLEL"})
  void abortTellsWhatIsUndone(Streaming streaming) {
    // When
    StreamAbort part = Recording.decoded(streaming, "large transaction", StreamAbort.class).get(0);
    StreamAbort all =
        Recording.decoded(streaming, "large transaction undone", StreamAbort.class).get(0);

    // Then
    List<Insert> inserts = Recording.decoded(streaming, "large transaction", Insert.class);
    assertEquals(inserts.get(2).xid(), part.subtransaction());
    assertNotEquals(part.xid(), part.subtransaction());
    assertEquals(all.xid(), all.subtransaction());
    if (streaming == Streaming.PARALLEL) {
      assertNotNull(part.at());
      assertNotNull(all.at());
    } else {
      assertNull(part.at());
    }
  }
}
