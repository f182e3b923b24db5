@NullMarked
package io.orderflow.source.capture;

import org.jspecify.annotations.NullMarked;
