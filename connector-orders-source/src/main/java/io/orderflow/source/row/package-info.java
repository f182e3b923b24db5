/** Edge in: values of rows. */
@NullMarked
package io.orderflow.source.row;

import org.jspecify.annotations.NullMarked;
