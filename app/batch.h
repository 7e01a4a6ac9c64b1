/* Frames copied together, to be handed to another thread in one go. */
#ifndef REPRISE_APP_BATCH_H
#define REPRISE_APP_BATCH_H

#include "dissect/net/frame.h"

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BATCH_FRAMES = 4096, BATCH_BYTES = 1024 * 1024 };

/* The time that passed by while others got their frames: silence ends handshakes by it. */
struct batch_time {
    int64_t latest_ns; /* the latest of these frames */
    unsigned count;    /* how many; 0: latest_ns means nothing */
};

struct batch_frame {
    struct frame frame; /* its data points into the batch's bytes */
    uint64_t sequence;
    bool is_inner; /* for dissector_feed_inner */
    struct batch_time before;
};

struct batch {
    struct batch_frame *frames; /* owned */
    uint8_t *bytes;             /* owned */
    size_t count;
    size_t used_bytes;
    struct batch_time passed; /* since the last frame added */
    uint64_t end_sequence;
    bool is_last; /* nothing comes after it: end what is open */
};

/* False without memory; batch_clear() is then still right. */
MUST_CHECK bool batch_init(struct batch *batch);
void batch_clear(struct batch *batch);

/* Copies a frame, captured or from inside others. False when there is no room left. A frame longer
 * than a whole batch is cut. */
MUST_CHECK bool batch_add(struct batch *batch, const struct frame *frame, uint64_t sequence,
                          bool is_inner);

/* Notes a frame that went to another batch. */
void batch_pass(struct batch *batch, int64_t time_ns);

void batch_empty(struct batch *batch);

#endif
