/** Handover: one capture continues where the other ended, from query to log capture and back. */
@NullMarked
package io.orderflow.source.handover;

import org.jspecify.annotations.NullMarked;
