package io.orderflow.source;

import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.TransactionContext;

/** What Connect would see after polls that ask for the end of a Kafka transaction. */
public final class CommitRequests implements TransactionContext {

  private boolean commit;

  /** Whether the last poll asked, as Connect would find once. */
  public boolean taken() {
    boolean was = commit;
    commit = false;
    return was;
  }

  @Override
  public void commitTransaction() {
    commit = true;
  }

  @Override
  public void commitTransaction(SourceRecord record) {
    throw new UnsupportedOperationException("whole polls are committed");
  }

  @Override
  public void abortTransaction() {
    throw new UnsupportedOperationException("nothing is aborted");
  }

  @Override
  public void abortTransaction(SourceRecord record) {
    throw new UnsupportedOperationException("nothing is aborted");
  }
}
