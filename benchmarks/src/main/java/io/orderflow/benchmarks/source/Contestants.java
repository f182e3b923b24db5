package io.orderflow.benchmarks.source;

import io.orderflow.benchmarks.source.program.SourceJob;
import java.util.ArrayList;
import java.util.List;

/** Who is measured, in the order of the tables. */
record Contestants(Connectors connectors, Programs programs) {

  List<Contestant> ofLoad() {
    List<Contestant> all = new ArrayList<>(ours());
    all.addAll(Debezium.ofLoad(connectors));
    all.add(new NoOp(connectors));
    all.add(new Bare(programs, "bare program, COPY", SourceJob.Kind.LOAD));
    return all;
  }

  List<Contestant> ofLatency() {
    List<Contestant> all = new ArrayList<>(ours());
    all.addAll(Debezium.ofLatency(connectors));
    all.add(new Bare(programs, "bare program, pgoutput", SourceJob.Kind.CHANGES));
    return all;
  }

  private List<Contestant> ours() {
    return List.of(
        new Orderflow(connectors, Orderflow.QUERY), new Orderflow(connectors, Orderflow.LOG));
  }
}
