@NullMarked
package io.orderflow.common;

import org.jspecify.annotations.NullMarked;
