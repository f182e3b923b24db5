package io.orderflow.sink.apply;

import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;

/** A record that can never be applied, and why. */
record BadRecord(SinkRecord record, DataException cause) {

  /** Whom it does not suit. */
  enum Why {
    /** The sink: a field is missing, or is not what it should be. */
    UNREADABLE,
    /** PostgreSQL, which cannot hold a value. */
    VALUE,
    /** A constraint of the tables. */
    CONSTRAINT,
    /** A trigger of the tables. */
    TRIGGER
  }

  Why why() {
    return cause instanceof RefusedRecordException refused ? refused.why() : Why.UNREADABLE;
  }
}
