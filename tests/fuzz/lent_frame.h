/* What holds of every frame that a reader of files lends, whatever the file says. */
#ifndef REPRISE_TESTS_FUZZ_LENT_FRAME_H
#define REPRISE_TESTS_FUZZ_LENT_FRAME_H

#include "capture/inflow.h"
#include "dissect/net/frame.h"

#include <stdlib.h>

static inline void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* It lies inside what was read, all of it can be looked at, and it has `most` bytes at most. */
static inline void check_frame(const struct inflow *inflow, const struct frame *frame,
                               uint32_t most)
{
    const uint8_t *const begin = inflow_data(inflow);
    uint64_t sum = 0;

    check(frame->captured_len <= most);
    check(frame->wire_len >= frame->captured_len);
    check(frame->data >= begin);
    check(frame->data + frame->captured_len <= begin + inflow_len(inflow));
    for (uint32_t i = 0; i < frame->captured_len; i++) {
        sum += frame->data[i];
    }
    check(sum <= UINT64_C(255) * most);
}

#endif
