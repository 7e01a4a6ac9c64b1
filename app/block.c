#include "app/block.h"

#include <stdlib.h>
#include <string.h>

bool block_init(struct block *out, const struct capture *capture, unsigned lanes)
{
    *out = (struct block){.kind = BLOCK_COPIES};
    if (!capture_part_init(capture, &out->part)) {
        return false;
    }
    out->batch.capacity = capture_frames_of_part(&out->part);
    out->batch.frames = malloc(out->batch.capacity * sizeof(*out->batch.frames));
    out->prepared = malloc(out->batch.capacity * sizeof(*out->prepared));
    out->shares = malloc(out->batch.capacity * sizeof(*out->shares));
    out->order = malloc(out->batch.capacity * sizeof(*out->order));
    out->share_ends = malloc(lanes * sizeof(*out->share_ends));
    return out->batch.frames != NULL && out->prepared != NULL && out->shares != NULL &&
           out->order != NULL && out->share_ends != NULL;
}

void block_clear(struct block *block)
{
    file_part_clear(&block->part);
    free(block->batch.frames);
    free(block->prepared);
    free(block->shares);
    free(block->order);
    free(block->share_ends);
    free(block->inner);
    free(block->inner_bytes);
    *block = (struct block){.kind = BLOCK_COPIES};
}

void block_begin(struct block *block, enum block_kind kind)
{
    block->kind = kind;
    block->batch.count = 0;
    block->copied_bytes = 0;
    block->has_wrapped = false;
    block->is_in_time = true;
    block->inner_count = 0;
    block->inner_used = 0;
}

static size_t bytes_of(const struct frame_batch *lent)
{
    size_t bytes = 0;

    for (size_t i = 0; i < lent->count; i++) {
        bytes += lent->frames[i].captured_len;
    }
    return bytes;
}

static void copy(struct block *block, const struct frame *frame)
{
    struct frame *const kept = &block->batch.frames[block->batch.count++];
    uint8_t *const to = block->part.window + block->copied_bytes;
    const size_t room = block->part.window_bytes - block->copied_bytes;

    *kept = *frame;
    kept->data = to;
    kept->captured_len = frame->captured_len < room ? frame->captured_len : (uint32_t)room;
    memcpy(to, frame->data, kept->captured_len);
    block->copied_bytes += kept->captured_len;
}

bool block_copy(struct block *block, const struct frame_batch *lent)
{
    if (block->batch.count > 0 &&
        (lent->count > block->batch.capacity - block->batch.count ||
         bytes_of(lent) > block->part.window_bytes - block->copied_bytes)) {
        return false;
    }
    for (size_t i = 0; i < lent->count && i < block->batch.capacity; i++) {
        copy(block, &lent->frames[i]);
    }
    return true;
}

bool block_has_room(const struct block *block)
{
    return block->copied_bytes < file_part_bytes(&block->part) &&
           block->batch.count < block->batch.capacity / 2;
}

static bool is_segment(const struct prepared *prepared)
{
    return prepared->result == PACKET_TCP || prepared->result == PACKET_UDP;
}

/* What belongs to no conversation goes to the first lane, which counts it. */
static unsigned share_of(const struct prepared *prepared, unsigned lanes)
{
    return is_segment(prepared) ? prepare_share(prepared, lanes) : 0;
}

static bool is_wrapped(const struct prepared *prepared)
{
    return prepared->result == PACKET_FRAGMENT || prepared->result == PACKET_AGGREGATE;
}

/* Sorts by share: ends holds how many frames each lane has, and where their indices end in order
 * afterwards. */
static void put_in_order(struct block *block, unsigned lanes)
{
    uint32_t *const ends = block->share_ends;
    uint32_t sum = 0;

    for (unsigned i = 0; i < lanes; i++) {
        const uint32_t count = ends[i];
        ends[i] = sum;
        sum += count;
    }
    for (uint32_t i = 0; i < sum; i++) {
        block->order[ends[block->shares[i]]++] = i;
    }
}

void block_prepare(struct block *block, const struct flow_hash *hash, unsigned lanes)
{
    const struct frame *const frames = block->batch.frames;
    int64_t before_ns = INT64_MIN;

    memset(block->share_ends, 0, lanes * sizeof(*block->share_ends));
    for (size_t i = 0; i < block->batch.count; i++) {
        struct prepared *const prepared = &block->prepared[i];
        prepare_frame(hash, &frames[i], prepared);
        block->shares[i] = (uint8_t)share_of(prepared, lanes);
        block->share_ends[block->shares[i]]++;
        block->has_wrapped = block->has_wrapped || is_wrapped(prepared);
        block->is_in_time = block->is_in_time && frames[i].time_ns >= before_ns;
        before_ns = frames[i].time_ns;
    }
    put_in_order(block, lanes);
}

size_t block_share_begin(const struct block *block, unsigned lane)
{
    return lane == 0 ? 0 : block->share_ends[lane - 1];
}

/* ---- Frames inside frames ---- */

/* Room for `more` behind what is used. How much there can be is bounded by what fragments may wait
 * for others. */
static bool grow(void **memory, size_t *room, size_t used, size_t more)
{
    size_t wanted = *room < 4096 ? 4096 : *room;

    while (wanted - used < more) {
        wanted *= 2;
    }
    if (wanted == *room) {
        return true;
    }
    void *grown = realloc(*memory, wanted);
    if (grown == NULL) {
        return false;
    }
    *memory = grown;
    *room = wanted;
    return true;
}

static bool make_room(struct block *block, size_t payload_bytes)
{
    void *inner = block->inner;
    void *bytes = block->inner_bytes;
    const bool has_room = grow(&inner, &block->inner_capacity,
                               block->inner_count * sizeof(*block->inner), sizeof(*block->inner)) &&
                          grow(&bytes, &block->inner_room, block->inner_used, payload_bytes);

    block->inner = inner;
    block->inner_bytes = bytes;
    return has_room;
}

/* Its payload may lie in a buffer that the next fragment needs. Without memory it is lost. */
static void keep(struct block *block, const struct prepared *prepared, size_t after, unsigned lanes)
{
    const struct bytes payload = prepared->segment.payload;

    if (!make_room(block, payload.len)) {
        return;
    }
    block->inner[block->inner_count++] = (struct block_inner){
        .after = after,
        .share = share_of(prepared, lanes),
        .payload_at = block->inner_used,
        .prepared = *prepared,
    };
    if (payload.len > 0) {
        memcpy(block->inner_bytes + block->inner_used, payload.data, payload.len);
    }
    block->inner_used += payload.len;
}

static void unwrap(struct block *block, size_t i, struct inner_frames *inner,
                   const struct flow_hash *hash, unsigned lanes)
{
    struct packet packet;
    struct frame frame;
    struct segment segment;
    struct prepared prepared;
    const enum packet_result result = packet_parse(&block->batch.frames[i], &packet);

    inner_frames_add(inner, result, &packet);
    while (inner_frames_next(inner, &frame, &segment)) {
        prepare_segment(hash, &segment, &prepared);
        keep(block, &prepared, i, lanes);
    }
}

void block_unwrap(struct block *block, struct inner_frames *inner, const struct flow_hash *hash,
                  unsigned lanes)
{
    if (!block->has_wrapped) {
        return;
    }
    for (size_t i = 0; i < block->batch.count; i++) {
        if (is_wrapped(&block->prepared[i])) {
            unwrap(block, i, inner, hash, lanes);
        }
    }
    for (size_t i = 0; i < block->inner_count; i++) {
        struct block_inner *const found = &block->inner[i];
        found->prepared.segment.payload.data = block->inner_bytes + found->payload_at;
    }
}
