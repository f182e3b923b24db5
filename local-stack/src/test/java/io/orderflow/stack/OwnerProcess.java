package io.orderflow.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.LongStream;

/** Owns a stack, its PostgreSQL paused, until it is killed or its standard input ends. */
final class OwnerProcess {
  private OwnerProcess() {}

  /** Prints the stack's folder, its processes and the time it took, as one line. */
  public static void main(String[] arguments) throws Exception {
    long begin = System.nanoTime();
    try (LocalStack stack =
        LocalStack.builder()
            .parentFolder(Path.of(arguments[0]))
            .databases("shop")
            .shortLived()
            .start()) {
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      long[] pids = {
        stack.broker().pid(), stack.workers().get(0).pid(), stack.localPostgres().pid()
      };
      System.out.println(stack.folder() + " " + took.toMillis() + " " + join(LongStream.of(pids)));
      while (System.in.read() >= 0) {}
    }
  }

  private static String join(LongStream pids) {
    return String.join(" ", pids.mapToObj(Long::toString).toList());
  }
}
