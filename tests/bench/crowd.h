/* Connections by the million that are all there at once: what a table of them costs. */
#ifndef REPRISE_TESTS_BENCH_CROWD_H
#define REPRISE_TESTS_BENCH_CROWD_H

#include "tests/bench/trace_file.h"
#include "tests/bench/trace_options.h"
#include "tests/bench/truth.h"

#include <stdbool.h>

/* Of fewer endpoints than connections, those of the next connections are the same again: each
 * opens anew on what was there. False when there is no memory. */
bool crowd_write(const struct trace_options *options, struct trace_file *trace,
                 struct truth *truth);

#endif
