package io.orderflow.source.log.slot;

import io.orderflow.source.offset.Lsn;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The timeline that a server writes, and those before it. The promotion of a standby, and a restore
 * to an earlier time, start a new timeline that branches off from the previous one.
 *
 * @param system identifier of the database cluster
 * @param timeline the number of the current timeline
 * @param ends where each earlier timeline was left, by its number: the log before this position is
 *     part of the server's history, and the log from there on is not
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
