/**
 * Log capture: takes transactions from the slot, resolves them to order events, and hands them to
 * Connect.
 */
@NullMarked
package io.orderflow.source.log;

import org.jspecify.annotations.NullMarked;
