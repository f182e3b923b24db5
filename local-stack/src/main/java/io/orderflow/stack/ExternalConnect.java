package io.orderflow.stack;

import java.net.URI;
import java.util.List;

/** A Connect cluster that somebody else runs, with the plugins already installed. */
record ExternalConnect(List<URI> uris) implements ConnectCluster {}
