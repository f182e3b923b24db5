# A Connect worker with both Orderflow plugins, on Kafka's own image.
#
#   mvn -B package -DskipTests && docker build -t orderflow-connect .
#
# Settings are environment variables, CONNECT_BOOTSTRAP_SERVERS for bootstrap.servers; what they override is in
# docker/worker.properties. It writes to /tmp alone, so the root file system may be read-only.
ARG KAFKA_VERSION=4.3.1

FROM apache/kafka:${KAFKA_VERSION} AS plugins
COPY connector-orders-source/target/*-plugin.zip connector-inventory-sink/target/*-plugin.zip /tmp/archives/
RUN for archive in /tmp/archives/*.zip; do unzip -q "$archive" -d /tmp/plugins || exit 1; done

FROM apache/kafka:${KAFKA_VERSION}
COPY --from=plugins --chown=0:0 /tmp/plugins /opt/orderflow/plugins
COPY docker/target/agents /opt/orderflow/agents
COPY docker/worker.properties docker/log4j2.properties docker/run-worker docker/healthy /opt/orderflow/
ENV LOG_DIR=/tmp \
    KAFKA_HEAP_OPTS=-XX:MaxRAMPercentage=60 \
    KAFKA_LOG4J_OPTS=-Dlog4j2.configurationFile=/opt/orderflow/log4j2.properties
# The image's appuser. By number, so that Kubernetes can see that it is not root.
USER 1000:1000
EXPOSE 8083
HEALTHCHECK --interval=10s --timeout=11s --start-period=2m CMD ["/opt/orderflow/healthy"]
CMD ["/opt/orderflow/run-worker"]
