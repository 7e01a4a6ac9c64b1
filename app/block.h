/* Frames that lie together in memory until every lane has taken its share of them: those of a part
 * of a file, where they are, or copies of others. */
#ifndef REPRISE_APP_BLOCK_H
#define REPRISE_APP_BLOCK_H

#include "capture/capture.h"
#include "dissect/net/inner_frames.h"
#include "dissect/net/prepare.h"

#include "base/attributes.h"

enum block_kind {
    BLOCK_PART,
    BLOCK_COPIES,
    BLOCK_TICK, /* no frames: time has passed without any */
    BLOCK_LAST, /* no frames: nothing follows */
};

enum { BLOCK_MOST_INNER = 0xffff };

/* A segment that was found inside a frame, or inside several. */
struct block_inner {
    size_t after; /* index of the frame that it was found with */
    unsigned share;
    size_t payload_at; /* in inner_bytes */
    struct prepared prepared;
};

struct block {
    enum block_kind kind;
    struct file_part part; /* its window holds the bytes, also those of copies */
    size_t copied_bytes;
    struct frame_batch batch;
    uint64_t before; /* number of the frame before the first of these */
    int64_t tick_ns; /* BLOCK_TICK */
    /* What block_prepare works out, of each frame. */
    struct prepared *prepared;
    uint8_t *shares;      /* which lane's it is */
    uint32_t *order;      /* indices of frames: those of the first lane, of the second, ... */
    uint32_t *share_ends; /* of each lane: where its part of the order ends */
    bool is_in_time;      /* no frame is earlier than the one before it */
    bool has_wrapped;     /* frames that others may lie in */
    /* What block_unwrap found in them, in order. */
    struct block_inner *inner;
    size_t inner_count;
    size_t inner_capacity;
    uint8_t *inner_bytes;
    size_t inner_used;
    size_t inner_room;
};

/* For parts of the size that the capture reads. False without memory; block_clear() is then still
 * right. Room for as many frames as a part can hold at most costs no memory until they come. */
MUST_CHECK bool block_init(struct block *out, const struct capture *capture, unsigned lanes);
void block_clear(struct block *block);

void block_begin(struct block *block, enum block_kind kind);

/* Copies frames. False, and none is copied, when there is no room for all; but an empty block takes
 * whatever was lent together, and cuts what is longer than itself. */
MUST_CHECK bool block_copy(struct block *block, const struct frame_batch *lent);

/* Whether it is worth while to copy further frames to it. */
bool block_has_room(const struct block *block);

/* All that can be worked out of each frame for itself. On any thread. */
void block_prepare(struct block *block, const struct flow_hash *hash, unsigned lanes);

/* Where a lane's part of the order begins. */
size_t block_share_begin(const struct block *block, unsigned lane);

/* Looks inside those that others may lie in: block after block, in their order. */
void block_unwrap(struct block *block, struct inner_frames *inner, const struct flow_hash *hash,
                  unsigned lanes);

/* What finished handshakes are put in order by: the frame's number, and which of those inside it
 * did it; 0: itself. */
static inline uint64_t block_sequence(uint64_t number, unsigned inside)
{
    return number << 16 | (inside < BLOCK_MOST_INNER ? inside : BLOCK_MOST_INNER);
}

#endif
