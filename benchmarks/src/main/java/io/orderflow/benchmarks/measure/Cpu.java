package io.orderflow.benchmarks.measure;

import io.orderflow.stack.LocalStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * CPU time of the contestant's process, of PostgreSQL's processes, and of the broker, as Linux
 * counts it; elsewhere zero.
 */
public record Cpu(Duration contestant, Duration postgres, Duration broker) {

  /** USER_HZ is 100 on every platform that Linux runs on (proc(5), sysconf(3)). */
  private static final long MILLIS_PER_TICK = 10;

  /** Reads the time used so far. */
  public static Cpu read(LocalStack stack, long contestant) {
    return new Cpu(
        ofTree(contestant), ofTree(stack.localPostgres().pid()), ofTree(stack.broker().pid()));
  }

  public Cpu minus(Cpu before) {
    return new Cpu(
        contestant.minus(before.contestant),
        postgres.minus(before.postgres),
        broker.minus(before.broker));
  }

  public Duration total() {
    return contestant.plus(postgres).plus(broker);
  }

  /** The time used so far by a process and its descendants, including those that have ended. */
  public static Duration ofTree(long pid) {
    List<Long> pids =
        Stream.concat(
                Stream.of(pid),
                ProcessHandle.of(pid).stream()
                    .flatMap(ProcessHandle::descendants)
                    .map(ProcessHandle::pid))
            .toList();
    return Duration.ofMillis(pids.stream().mapToLong(Cpu::ticks).sum() * MILLIS_PER_TICK);
  }

  private static long ticks(long pid) {
    try {
      return ticks(Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
    } catch (IOException e) {
      return 0;
    }
  }

  /**
   * User and system time, and that of children that were waited for: fields 14 to 17 of proc(5),
   * counted from behind the name, which may contain any character.
   */
  static long ticks(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 16);
    long ticks = 0;
    for (int field = 11; field <= 14; field++) {
      ticks += Long.parseLong(fields[field]);
    }
    return ticks;
  }
}
