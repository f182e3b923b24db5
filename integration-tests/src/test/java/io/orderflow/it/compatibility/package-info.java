/** Both connectors on each version of Connect and PostgreSQL that the documentation names. */
@NullMarked
package io.orderflow.it.compatibility;

import org.jspecify.annotations.NullMarked;
