package io.orderflow.quickstart.verdict;

import java.util.Locale;

/** The ways in which the pipeline can have failed. */
public enum Fault {
  LOST,
  DUPLICATED,
  STALE,
  OVERSOLD,
  DRIFT;

  /** As the verdict prints it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
