/** The guarantees, each proved on real Connect workers, a real broker and a real PostgreSQL. */
@NullMarked
package io.orderflow.it;

import org.jspecify.annotations.NullMarked;
