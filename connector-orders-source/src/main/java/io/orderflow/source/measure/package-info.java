/** What a source task counts and measures. */
@NullMarked
package io.orderflow.source.measure;

import org.jspecify.annotations.NullMarked;
