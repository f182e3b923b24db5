package io.orderflow.quickstart;

import java.lang.management.ManagementFactory;

/** How long this process has run. */
final class Uptime {

  private Uptime() {}

  static double seconds() {
    return ManagementFactory.getRuntimeMXBean().getUptime() / 1_000.0;
  }
}
