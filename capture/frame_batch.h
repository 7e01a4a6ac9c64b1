/* Frames that are handed out together: whatever is asked once per packet is asked once for all. */
#ifndef REPRISE_CAPTURE_FRAME_BATCH_H
#define REPRISE_CAPTURE_FRAME_BATCH_H

#include "dissect/net/frame.h"

#include <stddef.h>

struct frame_batch {
    struct frame *frames; /* the caller's; their bytes are borrowed until more are asked for */
    size_t capacity;      /* at least 1 */
    size_t count;
};

#endif
