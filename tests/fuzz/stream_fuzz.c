/* Bytes become a sequence of segments, acknowledgements and ends of one direction, which go both
 * to the stream and to a naive model written without looking at it: a map of bytes by offset from
 * the start, where the first copy of each wins. What the stream delivers must be what the model
 * holds, in order, once; a hole may only be where the model has nothing; and nothing the model
 * could go on with may be held back. */
#include "dissect/net/stream.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    MAP_BYTES = 1 << 17,
    SEGMENT_MAX = 6000,
    POOL_BLOCKS_MAX = 300,
};

enum byte_state { BYTE_UNKNOWN, BYTE_SEEN, BYTE_CUT };

struct model {
    uint8_t state[MAP_BYTES]; /* enum byte_state */
    uint8_t value[MAP_BYTES];
    uint32_t next; /* offset of the next byte to deliver */
    uint32_t end;  /* offset of the end, once has_end */
    bool has_end;
    bool has_conflict;
};

struct run {
    struct bytes input;
    struct stream stream;
    struct pool *pool;
    struct model *model;
    uint32_t start; /* sequence number of offset 0 */
    int64_t clock_ns;
};

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

static uint8_t take_u8(struct bytes *input)
{
    uint8_t value = 0;

    return bytes_u8(input, &value) ? value : 0;
}

static uint16_t take_u16(struct bytes *input)
{
    uint16_t value = 0;

    return bytes_u16(input, &value) ? value : 0;
}

/* Where the stream takes in what the segment carries at an offset. */
static void model_byte(struct model *model, uint32_t offset, bool is_seen, uint8_t value)
{
    if (offset >= MAP_BYTES || offset < model->next || (model->has_end && offset >= model->end)) {
        return;
    }
    if (model->state[offset] == BYTE_SEEN) {
        model->has_conflict = model->has_conflict || (is_seen && model->value[offset] != value);
        return;
    }
    model->state[offset] = is_seen ? BYTE_SEEN : BYTE_CUT;
    model->value[offset] = value;
}

static void model_segment(struct model *model, uint32_t offset, const struct segment *segment)
{
    const uint32_t end = offset + segment->payload_len;

    if ((segment->flags & TCP_RST) != 0 || (model->has_end && model->next == model->end)) {
        return;
    }
    if ((segment->flags & TCP_FIN) != 0 && !model->has_end && end >= model->next) {
        model->has_end = true;
        model->end = end;
    }
    for (uint32_t i = 0; i < segment->payload_len; i++) {
        const bool is_seen = i < segment->payload.len;
        model_byte(model, offset + i, is_seen, is_seen ? segment->payload.data[i] : 0);
    }
}

/* Whole runs at a time: a comparison of each byte would drown in the fuzzer's own counting. */
static void check_data(struct model *model, struct bytes data)
{
    const uint8_t *state = model->state + model->next;

    check(data.len > 0 && data.len <= MAP_BYTES - model->next);
    check(state[0] == BYTE_SEEN && memcmp(state, state + 1, data.len - 1) == 0);
    check(memcmp(model->value + model->next, data.data, data.len) == 0);
    model->next += (uint32_t)data.len;
    check(!model->has_end || model->next <= model->end);
}

static void check_hole(struct model *model, uint32_t missing)
{
    check(missing <= MAP_BYTES - model->next);
    check(memchr(model->state + model->next, BYTE_SEEN, missing) == NULL);
    model->next += missing;
    check(!model->has_end || model->next <= model->end);
}

static void drain(struct run *run)
{
    struct model *model = run->model;
    struct stream_chunk chunk;

    while (stream_next(&run->stream, run->pool, &chunk)) {
        check((chunk.missing > 0) == (chunk.data.len == 0));
        if (chunk.missing > 0) {
            check_hole(model, chunk.missing);
        } else {
            check(chunk.time_ns > 0 && chunk.time_ns <= run->clock_ns);
            check_data(model, chunk.data);
        }
    }
    const bool is_finished = model->has_end && model->next == model->end;
    check(stream_is_finished(&run->stream) == is_finished);
    check(is_finished || model->next == MAP_BYTES ||
          model->state[model->next] == BYTE_UNKNOWN); /* nothing is held back */
    check(run->stream.waiting.bytes <= STREAM_MAX_WAITING_BYTES);
    check(run->stream.waiting.blocks <= STREAM_MAX_WAITING_SEGMENTS);
    check(run->stream.has_conflict == model->has_conflict);
}

/* Most segments are short, so that many are tried in a second. */
static uint32_t take_len(struct bytes *input)
{
    enum { IS_LONG = 0xe000, SHORT_MAX = 256 };
    const uint16_t value = take_u16(input);

    return value >= IS_LONG ? (uint32_t)(value - IS_LONG) % SEGMENT_MAX : value % SHORT_MAX;
}

/* flags(1), offset(2) in units of 2 bytes, length(2), cut(1), seed of the content(1). Most content
 * is what belongs at the offset, so that retransmissions agree; a seed of 255 makes it differ. */
static void segment_step(struct run *run, uint8_t flags)
{
    const uint32_t offset = take_u16(&run->input) * 2U + (flags & 1U);
    const uint32_t len = take_len(&run->input);
    const uint32_t cut = take_u8(&run->input) % 4 == 3 ? take_u8(&run->input) * 8U : 0;
    const uint8_t seed = take_u8(&run->input) == 255 ? 1 : 0;
    const uint32_t seen = cut < len ? len - cut : 0;

    if (offset + len > MAP_BYTES) {
        return;
    }
    uint8_t *exact = malloc(seen > 0 ? seen : 1);
    if (exact == NULL) {
        return;
    }
    for (uint32_t i = 0; i < seen; i++) {
        exact[i] = (uint8_t)((offset + i) * 31 + (offset + i) / 256 + seed);
    }
    const struct segment segment = {
        .time_ns = ++run->clock_ns,
        .sequence = run->start + offset,
        .flags = (uint8_t)(TCP_ACK | ((flags & 0x0c) == 0x0c ? TCP_FIN : 0)),
        .payload_len = len,
        .payload = {exact, seen},
    };
    model_segment(run->model, offset, &segment);
    stream_add(&run->stream, run->pool, &segment);
    drain(run);
    free(exact);
}

/* A sequence number that cannot be: never so often in a row that the stream would follow it. */
static void garbage_step(struct run *run)
{
    uint8_t byte = 'x';
    const uint32_t far = STREAM_MAX_AHEAD + MAP_BYTES + 1 + take_u16(&run->input) * 0x8000U;
    const struct segment segment = {
        .time_ns = ++run->clock_ns,
        .sequence = run->start + far,
        .flags = TCP_ACK | TCP_FIN,
        .payload_len = 1,
        .payload = {&byte, 1},
    };

    if (run->stream.far_count + 1 < STREAM_RESYNC_SEGMENTS) {
        stream_add(&run->stream, run->pool, &segment);
        drain(run);
    }
}

static void step(struct run *run)
{
    enum { STEP_ACKNOWLEDGE = 0x10, STEP_GIVE_UP = 0x20, STEP_GARBAGE = 0x30, STEP_RESET = 0x40 };
    const uint8_t choice = take_u8(&run->input);
    const struct segment reset = {
        .sequence = run->start, .flags = TCP_RST, .payload_len = 3, .payload = {&choice, 1}};

    switch (choice & 0xf0) {
    case STEP_ACKNOWLEDGE:
        stream_acknowledge(&run->stream, run->start + take_u16(&run->input) * 2U);
        break;
    case STEP_GIVE_UP:
        stream_give_up(&run->stream);
        drain(run);
        break;
    case STEP_GARBAGE:
        garbage_step(run);
        break;
    case STEP_RESET:
        stream_add(&run->stream, run->pool, &reset);
        drain(run);
        break;
    default:
        segment_step(run, choice);
    }
}

/* start(4), blocks of the pool(2), how it begins(1): a SYN, or the first segment at the start. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct run run = {.input = {data, size}};
    uint32_t start;

    if (!bytes_u32(&run.input, &start)) {
        return 0;
    }
    run.start = start;
    run.pool = pool_new(STREAM_BLOCK_BYTES, take_u16(&run.input) % POOL_BLOCKS_MAX);
    run.model = calloc(1, sizeof(*run.model));
    check(run.pool != NULL && run.model != NULL);
    stream_init(&run.stream);
    const bool has_syn = (take_u8(&run.input) & 1) != 0;
    if (!has_syn) {
        stream_acknowledge(&run.stream, start); /* joined in the middle, there */
    }
    const uint8_t first = 0; /* what belongs at offset 0 */
    const struct segment begin = {
        .time_ns = ++run.clock_ns,
        .sequence = has_syn ? start - 1 : start,
        .flags = has_syn ? TCP_SYN : TCP_ACK,
        .payload_len = 1,
        .payload = {&first, 1},
    };
    model_segment(run.model, 0, &begin);
    stream_add(&run.stream, run.pool, &begin);
    drain(&run);
    while (run.input.len > 0) {
        step(&run);
    }
    stream_give_up(&run.stream);
    drain(&run);
    stream_clear(&run.stream, run.pool);
    check(pool_taken(run.pool) == 0);
    pool_free(run.pool);
    free(run.model);
    return 0;
}
