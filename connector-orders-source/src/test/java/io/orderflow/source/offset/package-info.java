@NullMarked
package io.orderflow.source.offset;

import org.jspecify.annotations.NullMarked;
