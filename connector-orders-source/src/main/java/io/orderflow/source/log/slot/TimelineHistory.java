package io.orderflow.source.log.slot;

import io.orderflow.source.offset.Lsn;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which log a server writes. Each promoted standby, and each restore to an earlier time, ends the
 * timeline that it comes from and begins another.
 *
 * @param system identifier of the database cluster
 * @param timeline that is written now
 * @param ends of the timelines that it comes from, by their numbers: what was written there before
 *     this position is part of the server's history, and what was written from it on is not
 */
public record TimelineHistory(String system, long timeline, Map<Long, Lsn> ends) {

  private static final int FIELDS = 3;

  /**
   * Parses a history file.
   *
   * @param file as {@code TIMELINE_HISTORY} returns it: number, end and reason of a timeline in
   *     each line, separated by tabs; and comments
   */
  static TimelineHistory parse(String system, long timeline, String file) {
    return new TimelineHistory(
        system,
        timeline,
        file.lines()
            .map(line -> line.strip().split("\t", FIELDS))
            .filter(fields -> fields.length > 1 && !fields[0].startsWith("#"))
            .collect(
                Collectors.toUnmodifiableMap(
                    fields -> Long.parseLong(fields[0]), fields -> Lsn.parse(fields[1]))));
  }
}
