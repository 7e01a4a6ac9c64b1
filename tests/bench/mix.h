/* Whole conversations of many kinds, as they would be seen on a busy link, and what may be among
 * them: lone SYNs, or connections that break off in the middle of their ClientHello. */
#ifndef REPRISE_TESTS_BENCH_MIX_H
#define REPRISE_TESTS_BENCH_MIX_H

#include "tests/bench/trace_file.h"
#include "tests/bench/trace_options.h"
#include "tests/bench/truth.h"

#include <stdbool.h>

/* False when there is no memory; what cannot be written trace_file_close tells. */
bool mix_write(const struct trace_options *options, struct trace_file *trace, struct truth *truth);

#endif
