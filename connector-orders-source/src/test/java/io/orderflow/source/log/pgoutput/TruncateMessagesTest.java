package io.orderflow.source.log.pgoutput;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.source.log.pgoutput.LogMessage.Relation;
import io.orderflow.source.log.pgoutput.LogMessage.Truncate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TruncateMessagesTest {

  @Test
  void truncateNamesAllPublishedTables() {
    // When
    Truncate one = Recording.only("truncate", Truncate.class);
    Truncate withOptions = Recording.only("truncate with options", Truncate.class);
    Truncate two = Recording.only("truncate of two", Truncate.class);

    // Then
    assertEquals(new Truncate(List.of(Recording.only("truncate", Relation.class).oid())), one);
    assertEquals(twoOids("truncate with options"), Set.copyOf(withOptions.relations()));
    assertEquals(twoOids("truncate of two"), Set.copyOf(two.relations()));
  }

  private static Set<Long> twoOids(String statements) {
    Set<Long> oids = new HashSet<>();
    Recording.decoded(statements, Relation.class).forEach(table -> oids.add(table.oid()));
    assertEquals(2, oids.size());
    return oids;
  }
}
