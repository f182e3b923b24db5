/** How far a capture has come: what Connect stores as source offsets. Pure. */
@NullMarked
package io.orderflow.source.offset;

import org.jspecify.annotations.NullMarked;
