package io.orderflow.sink.apply;

import io.orderflow.common.failure.SqlFailures;
import io.orderflow.sink.deadletter.BadRecord;
import io.orderflow.sink.warehouse.Write;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The records of one batch that failed alone. Some failures may be due to the database as well: a
 * trigger that reads a missing table fails for one record, or for all. Such a record is a suspect,
 * and is bad only with proof that the same statements work for other records: the batch has failed,
 * others of it were then written by statements of the same kinds, and the suspect fails once more
 * after that. Otherwise the task stops, so that no good record goes to the dead-letter queue. For
 * one thread.
 */
final class Rejections {

  /** After so many without any other that could be written, the database is at fault. */
  private static final int MAX_SUSPECTS = 10;

  private final List<BadRecord> records = new ArrayList<>();
  private final List<Suspect> suspects = new ArrayList<>();

  /** By SQLSTATE, what was written after a transaction had failed with it. */
  private final Map<String, Set<Write>> written = new HashMap<>();

  /** Adds a record that is at fault. */
  void add(BadRecord record) {
    records.add(record);
  }

  /** Notes that a part of the batch fails. */
  void failed(SQLException failure) {
    written.computeIfAbsent(
        SqlFailures.sqlState(failure).orElse(""), state -> EnumSet.noneOf(Write.class));
  }

  /** Notes that a part of the batch is committed. */
  void committed(Set<Write> writes) {
    written.values().forEach(known -> known.addAll(writes));
  }

  /**
   * Adds a record that may be at fault, to be tried once more after the others. False if there are
   * too many of them, so that the database is to be waited for instead.
   *
   * @throws UnusableWarehouseException if the database seems to be at fault, and waiting is no help
   */
  boolean isSuspected(Suspect suspect) {
    if (suspects.size() >= MAX_SUSPECTS - 1 && suspects.stream().noneMatch(this::isProven)) {
      if (suspect.mayWait()) {
        return false;
      }
      throw UnusableWarehouseException.withoutProof(suspects.get(0));
    }
    suspects.add(suspect);
    return true;
  }

  /**
   * Whether others of the batch were written as the suspect was to be, after the batch failed. A
   * suspect that failed before it wrote anything is never proven: no statement that worked for
   * others is the one that failed.
   */
  boolean isProven(Suspect suspect) {
    Set<Write> others = written.getOrDefault(suspect.state(), Set.of());
    return !suspect.writes().isEmpty() && others.containsAll(suspect.writes());
  }

  List<Suspect> suspects() {
    return List.copyOf(suspects);
  }

  /** The bad records, suspects last. */
  List<BadRecord> records() {
    return records;
  }
}
