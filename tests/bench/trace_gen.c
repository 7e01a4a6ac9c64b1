/* Writes a reproducible capture file of TLS over TCP and prints what is in it as JSON. */
#include "tests/bench/crowd.h"
#include "tests/bench/mix.h"
#include "tests/bench/trace_options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_crowd(enum trace_kind kind)
{
    return kind == TRACE_OPEN || kind == TRACE_DONE || kind == TRACE_COLLIDING;
}

static bool write_trace(const struct trace_options *options, struct truth *truth)
{
    struct trace_file *trace = trace_file_create(options->path);

    if (trace == NULL) {
        return false;
    }
    const bool is_done = is_crowd(options->kind) ? crowd_write(options, trace, truth)
                                                 : mix_write(options, trace, truth);
    truth->seed = options->seed;
    truth->packets = trace_file_packets(trace);
    truth->bytes = trace_file_bytes(trace);
    return trace_file_close(trace) && is_done;
}

int main(int argc, char **argv)
{
    struct trace_options options;
    struct truth truth = {.seed = 0};

    if (!trace_options_parse(argc, argv, &options)) {
        (void)fputs(trace_options_usage, stderr);
        return 2;
    }
    if (!write_trace(&options, &truth)) {
        (void)fprintf(stderr, "trace_gen: %s: %s\n", options.path, strerror(errno));
        return EXIT_FAILURE;
    }
    truth_print(&truth, stdout);
    return EXIT_SUCCESS;
}
