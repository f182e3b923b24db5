/** Reads what the topics hold, as any consumer of committed records would. */
@NullMarked
package io.orderflow.quickstart.topic;

import org.jspecify.annotations.NullMarked;
