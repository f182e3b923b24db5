package io.orderflow.stack;

/** An answer of the Connect REST API that is not the one asked for. */
public final class RestFailure extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final int status;
  private final String body;

  RestFailure(String request, int status, String body) {
    super(request + " answered " + status + ": " + body);
    this.status = status;
    this.body = body;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The answer's text. */
  public String body() {
    return body;
  }

  /** The cluster is busy with itself, and the same request may be answered a moment later. */
  boolean isTemporary() {
    return switch (status) {
      case 409 -> !body.contains("already exists");
      case 500 ->
          body.contains("IO Error trying to forward REST request")
              || body.contains("Request timed out");
      case 503 -> true;
      default -> false;
    };
  }
}
