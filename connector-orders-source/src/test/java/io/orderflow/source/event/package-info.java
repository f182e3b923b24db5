@NullMarked
package io.orderflow.source.event;

import org.jspecify.annotations.NullMarked;
