package io.orderflow.it.watchdog;

import io.orderflow.it.fixture.OnRealWorkers;
import io.orderflow.it.fixture.Stage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Whatever fails: a task makes progress, or it is FAILED with the cause in its trace, or its
 * metrics, its log and {@code validate} say what it waits for. Once the fault is repaired, no order
 * is missing.
 */
@OnRealWorkers
class NoSilentTaskIT {

  /** The default run has some of the faults; all of them take some minutes. */
  private static final String ALL = "orderflow.faults.all";

  private static final String RUN_ALL =
      "all faults: mvn -B verify -pl integration-tests -am -Dit.test=NoSilentTaskIT"
          + " -Dorderflow.faults.all=true -Dtest=NoSuch -Dsurefire.failIfNoSpecifiedTests=false";

  @Test
  void tasksSayWhatStopsThem(Stage stage) throws Exception {
    List<Fault> faults = new ArrayList<>(SinkFaults.all());
    faults.addAll(SourceFaults.all());
    faults.removeIf(fault -> !fault.always());
    Watchdog.watch(stage, faults);
  }

  @Test
  @EnabledIfSystemProperty(named = ALL, matches = "true", disabledReason = RUN_ALL)
  void sinksSayWhatStopsThem(Stage stage) throws Exception {
    Watchdog.watch(stage, SinkFaults.all());
  }

  @Test
  @EnabledIfSystemProperty(named = ALL, matches = "true", disabledReason = RUN_ALL)
  void sourcesSayWhatStopsThem(Stage stage) throws Exception {
    Watchdog.watch(stage, SourceFaults.all());
  }

  @Test
  @EnabledIfSystemProperty(named = ALL, matches = "true", disabledReason = RUN_ALL)
  void sourcesSayWhichTransactionStopsThem(Stage stage) throws Exception {
    for (Fault fault : SourceFaults.ofTransactions()) {
      Watchdog.watch(stage, List.of(fault));
    }
  }

  @Test
  @EnabledIfSystemProperty(named = ALL, matches = "true", disabledReason = RUN_ALL)
  void sourcesSayWhichLimitStopsThem(Stage stage) throws Exception {
    Watchdog.watch(stage, SourceFaults.ofSenders());
    for (Fault fault : SourceFaults.ofSlots()) {
      Watchdog.watch(stage, List.of(fault));
    }
  }

  @Test
  @EnabledIfSystemProperty(named = ALL, matches = "true", disabledReason = RUN_ALL)
  void tasksSayThatTheServerIsFrozen(Stage stage) throws Exception {
    Watchdog.watch(stage, SourceFaults.ofServer());
  }
}
