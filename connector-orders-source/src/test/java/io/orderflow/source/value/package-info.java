/** Values as both captures read them. */
@NullMarked
package io.orderflow.source.value;

import org.jspecify.annotations.NullMarked;
