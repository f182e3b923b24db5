package io.orderflow.benchmarks.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** CPU time of a process and its children, as Linux counts it; elsewhere zero. */
public final class CpuTime {

  /** USER_HZ is 100 on every platform that Linux runs on (proc(5), sysconf(3)). */
  private static final long MILLIS_PER_TICK = 10;

  private CpuTime() {}

  /** Used so far by the process and its descendants, those that are gone included. */
  public static Duration ofTree(long pid) {
    List<Long> pids =
        Stream.concat(
                Stream.of(pid),
                ProcessHandle.of(pid).stream()
                    .flatMap(ProcessHandle::descendants)
                    .map(ProcessHandle::pid))
            .toList();
    return Duration.ofMillis(pids.stream().mapToLong(CpuTime::ticks).sum() * MILLIS_PER_TICK);
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
   * counted from behind the name, in which anything may stand.
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
