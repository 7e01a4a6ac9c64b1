/* The frames of one capture, all in memory, so that they can be read many times and harmed. */
#ifndef REPRISE_TESTS_LOSS_TRACE_H
#define REPRISE_TESTS_LOSS_TRACE_H

#include "base/attributes.h"
#include "base/error.h"
#include "dissect/net/frame.h"

#include <stdbool.h>
#include <stddef.h>

struct trace {
    struct frame *frames;
    size_t count;
    size_t room;
    bool owns_data; /* else its frames borrow from another trace */
};

/* Empty, and frames added to it borrow their bytes. */
void trace_init(struct trace *trace);
void trace_clear(struct trace *trace);
void trace_add(struct trace *trace, const struct frame *frame);

/* Reads a capture file; damaged ones up to where they break. False, with a sentence, if nothing
 * can be read. */
MUST_CHECK bool trace_load(struct trace *trace, const char *path, struct error *error);

/* Writes a pcap file with nanosecond times; all frames must have the first one's link type. */
MUST_CHECK bool trace_save(const struct trace *trace, const char *path, struct error *error);

#endif
