/**
 * The runbooks of docs/operations: their commands are run as they stand, on servers with the
 * trouble that they are for.
 */
@NullMarked
package io.orderflow.it.runbook;

import org.jspecify.annotations.NullMarked;
