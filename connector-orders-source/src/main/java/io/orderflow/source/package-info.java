/** The orders source: settings, the shells that Connect sees, and the object that does the work. */
@NullMarked
package io.orderflow.source;

import org.jspecify.annotations.NullMarked;
