/** Checks the database before the connector starts, and names the fix of each finding. */
@NullMarked
package io.orderflow.source.validate;

import org.jspecify.annotations.NullMarked;
