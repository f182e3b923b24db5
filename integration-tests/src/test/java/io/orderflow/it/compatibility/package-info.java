/** Both connectors on each version of Connect and PostgreSQL that they are said to run on. */
@NullMarked
package io.orderflow.it.compatibility;

import org.jspecify.annotations.NullMarked;
