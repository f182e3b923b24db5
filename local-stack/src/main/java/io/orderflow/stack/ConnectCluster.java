package io.orderflow.stack;

import java.net.URI;
import java.util.List;

/** A Connect cluster, wherever it runs. */
public interface ConnectCluster {
  /** The REST addresses of its workers, at least one; those of workers that are down included. */
  List<URI> uris();

  /** A client that goes to whichever worker answers, workers that join later included. */
  default ConnectRest rest() {
    return new ConnectRest(this::uris);
  }
}
