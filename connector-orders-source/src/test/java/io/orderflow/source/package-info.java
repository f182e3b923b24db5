@NullMarked
package io.orderflow.source;

import org.jspecify.annotations.NullMarked;
