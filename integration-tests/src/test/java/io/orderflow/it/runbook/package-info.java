/**
 * The runbooks of docs/operations: their commands run as they stand, against the trouble that they
 * are for.
 */
@NullMarked
package io.orderflow.it.runbook;

import org.jspecify.annotations.NullMarked;
