package io.orderflow.sink.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between a client and PostgreSQL, and misbehaves when told to. */
final class TcpProxy implements AutoCloseable {

  private final ServerSocket door;
  private final int target;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger commitsToSwallow = new AtomicInteger();
  private final AtomicInteger swallowed = new AtomicInteger();
  private volatile boolean frozen;

  private TcpProxy(ServerSocket door, int target) {
    this.door = door;
    this.target = target;
  }

  static TcpProxy to(int port) throws IOException {
    TcpProxy proxy = new TcpProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port);
    daemon(proxy::accept);
    return proxy;
  }

  /** A URL, up to where the name of a database follows. */
  String url() {
    return "jdbc:postgresql://127.0.0.1:" + door.getLocalPort() + "/";
  }

  /** Nothing comes through any more, and no connection is closed. */
  void freeze() {
    frozen = true;
  }

  void thaw() {
    frozen = false;
  }

  /**
   * Forwards the next COMMITs, and closes the connection instead of handing back the answer. The
   * client must not prepare statements, so that COMMIT stands in each message.
   */
  void swallowAnswersToCommits(int number) {
    commitsToSwallow.set(number);
  }

  int swallowed() {
    return swallowed.get();
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        sockets.addAll(List.of(client, server));
        AtomicBoolean committing = new AtomicBoolean();
        daemon(() -> pump(client, server, bytes -> look(bytes, committing)));
        daemon(() -> pump(server, client, bytes -> !committing.get()));
      } catch (IOException e) {
        // The door was closed, or the server is not there: the next one may have more luck.
      }
    }
  }

  private boolean look(String bytes, AtomicBoolean committing) {
    if (bytes.contains("COMMIT\0")
        && commitsToSwallow.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      committing.set(true);
    }
    return true;
  }

  /** What is to be done with bytes before they go on. */
  private interface Look {
    /** Whether they do go on; the connection is closed if not. */
    boolean at(String bytes);
  }

  private void pump(Socket from, Socket to, Look look) {
    byte[] buffer = new byte[1 << 16];
    try (from;
        to) {
      for (int size = from.getInputStream().read(buffer);
          size >= 0;
          size = from.getInputStream().read(buffer)) {
        while (frozen) {
          Thread.sleep(10);
        }
        if (!look.at(new String(buffer, 0, size, StandardCharsets.ISO_8859_1))) {
          swallowed.incrementAndGet();
          return;
        }
        to.getOutputStream().write(buffer, 0, size);
      }
    } catch (IOException closed) {
      // By the other pump, or by one of the ends.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    frozen = false;
    door.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "proxy");
    thread.setDaemon(true);
    thread.start();
  }
}
