#!/usr/bin/env bash
# Measures a connector on the local stack: ./benchmarks/run.sh source | sink | backorders | expiry | start-up | triggers [options], see --help and README.md
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
mvn -q -B -f "$root/pom.xml" -pl benchmarks,connector-orders-source,connector-inventory-sink -am \
  -Pcontestants -Dmaven.test.skip=true package
exec java -Xmx1g -Dorderflow.root="$root" -Dorg.slf4j.simpleLogger.defaultLogLevel=warn \
  -cp "$root/benchmarks/target/classes:$root/benchmarks/target/libs/*" \
  io.orderflow.benchmarks.Benchmarks "$@"
