package io.orderflow.it.watchdog;

import io.orderflow.it.fixture.Capture;
import io.orderflow.it.fixture.Stage;

/** The connector that has a fault. */
enum Side {
  SINK,
  QUERY,
  LOG;

  /** A subject of the fault, with nothing started yet. */
  Subject subject(Stage stage, Fault fault) {
    return switch (this) {
      case SINK -> new SinkSubject(stage, fault);
      case QUERY -> new SourceSubject(stage, fault, Capture.QUERY);
      case LOG -> new SourceSubject(stage, fault, Capture.LOG);
    };
  }
}
