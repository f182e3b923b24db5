/**
 * What a hand-written program reaches: consumers that parse and write by themselves, without
 * Connect, in a process of their own. Good records and first versions of orders are assumed.
 */
@NullMarked
package io.orderflow.benchmarks.program;

import org.jspecify.annotations.NullMarked;
