/** The source offsets that Connect stores, from which capture continues. Pure. */
@NullMarked
package io.orderflow.source.offset;

import org.jspecify.annotations.NullMarked;
