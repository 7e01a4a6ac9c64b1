#include "app/batch.h"

#include <stdlib.h>
#include <string.h>

bool batch_init(struct batch *batch)
{
    *batch = (struct batch){.frames = calloc(BATCH_FRAMES, sizeof(*batch->frames)),
                            .bytes = malloc(BATCH_BYTES)};
    return batch->frames != NULL && batch->bytes != NULL;
}

void batch_clear(struct batch *batch)
{
    free(batch->frames);
    free(batch->bytes);
    *batch = (struct batch){.frames = NULL};
}

bool batch_add(struct batch *batch, const struct frame *frame, uint64_t sequence, bool is_inner)
{
    const size_t len = frame->captured_len < BATCH_BYTES ? frame->captured_len : BATCH_BYTES;

    if (batch->count == BATCH_FRAMES || len > BATCH_BYTES - batch->used_bytes) {
        return false;
    }
    uint8_t *const copy = batch->bytes + batch->used_bytes;
    memcpy(copy, frame->data, len);
    struct batch_frame *const added = &batch->frames[batch->count++];
    *added = (struct batch_frame){
        .frame = *frame,
        .sequence = sequence,
        .is_inner = is_inner,
        .before = batch->passed,
    };
    added->frame.data = copy;
    added->frame.captured_len = (uint32_t)len;
    batch->passed.count = 0;
    batch->used_bytes += len;
    return true;
}

void batch_pass(struct batch *batch, int64_t time_ns)
{
    if (batch->passed.count == 0 || time_ns > batch->passed.latest_ns) {
        batch->passed.latest_ns = time_ns;
    }
    batch->passed.count++;
}

void batch_empty(struct batch *batch)
{
    batch->count = 0;
    batch->used_bytes = 0;
    batch->passed.count = 0;
    batch->is_last = false;
}
