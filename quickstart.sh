#!/bin/sh
# Builds the demo if needed, and runs it. See --help.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
stamp=$root/quickstart/target/built

sources() {
  find "$root/pom.xml" "$root/common" "$root/connector-orders-source" "$root/connector-inventory-sink" \
    "$root/local-stack" "$root/quickstart" \
    -name target -prune -o \( -name pom.xml -o -path '*/src/main/*' -type f \) "$@" -print
}

is_built() {
  for file in "$root"/connector-orders-source/target/*-plugin.zip \
    "$root"/connector-inventory-sink/target/*-plugin.zip \
    "$root"/local-stack/kafka-distribution/target/libs/kafka-clients-*.jar \
    "$root"/quickstart/target/libs/orderflow-local-stack-*.jar \
    "$root"/quickstart/target/orderflow-quickstart-*.jar; do
    [ -f "$file" ] || return 1
    # Maven does not touch an archive whose content is the same, so the stamp counts, too.
    if [ -n "$(sources -newer "$file" | head -n 1)" ]; then
      [ -f "$stamp" ] && [ -z "$(sources -newer "$stamp" | head -n 1)" ] || return 1
    fi
  done
}

build() {
  command -v mvn >/dev/null || {
    echo "quickstart.sh: Maven (mvn) is needed to build; it is not on the PATH" >&2
    exit 1
  }
  echo "building ..."
  started=$(mktemp)
  (cd "$root" && mvn -B -q -DskipTests -Dcyclonedx.skip=true \
    -pl quickstart,connector-orders-source,connector-inventory-sink -am package)
  # As old as the start of the build, so a file that changes meanwhile is newer.
  touch -r "$started" "$stamp"
  rm -f "$started"
}

is_built || build

if [ -n "${JAVA_HOME:-}" ]; then java=$JAVA_HOME/bin/java; else java=java; fi
if [ -t 1 ] && [ "${TERM:-dumb}" != dumb ]; then terminal=true; else terminal=false; fi
exec "$java" -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 "-Dorderflow.root=$root" \
  -Dorderflow.terminal=$terminal \
  -cp "$(echo "$root"/quickstart/target/orderflow-quickstart-*.jar):$root/quickstart/target/libs/*" \
  io.orderflow.quickstart.Quickstart "$@"
