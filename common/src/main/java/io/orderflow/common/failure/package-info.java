/** Classifies failures of PostgreSQL, and follows retries. */
@NullMarked
package io.orderflow.common.failure;

import org.jspecify.annotations.NullMarked;
