#include "app/lane.h"

enum { AT_ONCE = 32 /* frames whose place in the tables is fetched together */ };

/* The time that passed by while others got their frames: silence ends handshakes by it. */
struct passed {
    int64_t latest_ns; /* the latest of these frames */
    unsigned count;    /* how many; 0: latest_ns means nothing */
};

bool lane_init(struct lane *out, unsigned which, const struct dissector_options *options,
               struct outlets *outlets, struct error *error)
{
    *out = (struct lane){.which = which, .outlets = outlets};
    out->dissector = dissector_new(options, error);
    if (out->dissector == NULL) {
        return false;
    }
    out->room = outlets_room(outlets, which);
    return true;
}

void lane_clear(struct lane *lane)
{
    dissector_free(lane->dissector);
    lane->dissector = NULL;
}

/* What is in the room goes out. sequence: see block_sequence(). */
static void put(struct lane *lane, uint64_t sequence)
{
    outlets_put(lane->outlets, lane->which, sequence);
    lane->room = outlets_room(lane->outlets, lane->which);
}

static inline void drain(struct lane *lane, uint64_t sequence)
{
    while (dissector_next(lane->dissector, lane->room)) {
        put(lane, sequence);
    }
}

static void dissect_some(struct lane *lane, const struct frame *frames, size_t count,
                         uint64_t before)
{
    struct prepared prepared[AT_ONCE];
    const struct flow_hash *const hash = dissector_hash(lane->dissector);

    for (size_t i = 0; i < count; i++) {
        prepare_frame(hash, &frames[i], &prepared[i]);
    }
    dissector_expect(lane->dissector, prepared, count);
    for (size_t taken = 0; taken < count;) {
        taken += dissector_take(lane->dissector, frames + taken, prepared + taken, count - taken);
        drain(lane, block_sequence(before + taken, 0));
    }
}

void lane_dissect(struct lane *lane, const struct frame *frames, size_t count, uint64_t before)
{
    for (size_t i = 0; i < count; i += AT_ONCE) {
        dissect_some(lane, frames + i, count - i < AT_ONCE ? count - i : AT_ONCE, before + i);
    }
}

void lane_tick(struct lane *lane, int64_t now_ns, uint64_t number)
{
    dissector_tick(lane->dissector, now_ns);
    drain(lane, block_sequence(number, 0));
}

void lane_finish(struct lane *lane, uint64_t number)
{
    dissector_finish(lane->dissector);
    drain(lane, block_sequence(number + 1, 0));
}

/* ---- Shares ---- */

static void pass(struct passed *passed, int64_t time_ns)
{
    if (passed->count == 0 || time_ns > passed->latest_ns) {
        passed->latest_ns = time_ns;
    }
    passed->count++;
}

/* A dissector ends a few silent handshakes per frame: as many as with all the frames. */
static void let_time_pass(struct lane *lane, struct passed *passed, uint64_t number)
{
    const struct dissector_counters *const counters = dissector_counters(lane->dissector);
    uint64_t evicted = UINT64_MAX;

    for (unsigned i = 0; i < passed->count && counters->evicted_handshakes != evicted; i++) {
        evicted = counters->evicted_handshakes;
        lane_tick(lane, passed->latest_ns, number);
    }
    passed->count = 0;
}

/* Looks ahead for some frames of its own; returns where the last of them ends. */
static size_t expect_some(const struct lane *lane, const struct block *block, size_t from)
{
    unsigned found = 0;
    size_t i = from;

    while (i < block->batch.count && found < AT_ONCE) {
        if (block->shares[i] == lane->which) {
            dissector_expect(lane->dissector, &block->prepared[i], 1);
            found++;
        }
        i++;
    }
    return i;
}

/* What was inside a frame, and is this lane's. *next: the first that is not looked at yet. */
static void take_inner(struct lane *lane, const struct block *block, size_t i, size_t *next)
{
    const uint64_t number = block->before + 1 + i;

    for (unsigned k = 1; *next < block->inner_count && block->inner[*next].after == i; k++) {
        struct block_inner *const inner = &block->inner[(*next)++];
        if (inner->share == lane->which) {
            dissector_take_inner(lane->dissector, &inner->prepared);
            drain(lane, block_sequence(number, k));
        }
    }
}

static void take_frames(struct lane *lane, const struct block *block)
{
    struct passed passed = {.count = 0};
    size_t next_inner = 0;
    size_t expected = 0;

    for (size_t i = 0; i < block->batch.count; i++) {
        const struct frame *const frame = &block->batch.frames[i];
        if (i == expected) {
            expected = expect_some(lane, block, i);
        }
        if (block->shares[i] == lane->which) {
            let_time_pass(lane, &passed, block->before + 1 + i);
            (void)dissector_take(lane->dissector, frame, &block->prepared[i], 1);
            drain(lane, block_sequence(block->before + 1 + i, 0));
        } else {
            pass(&passed, frame->time_ns);
        }
        if (next_inner < block->inner_count) {
            take_inner(lane, block, i, &next_inner);
        }
    }
    let_time_pass(lane, &passed, block->before + block->batch.count);
}

void lane_take(struct lane *lane, const struct block *block)
{
    const uint64_t last = block->before + block->batch.count;

    switch (block->kind) {
    case BLOCK_PART:
    case BLOCK_COPIES:
        take_frames(lane, block);
        outlets_pass(lane->outlets, lane->which, block_sequence(last, BLOCK_MOST_INNER));
        break;
    case BLOCK_TICK:
        lane_tick(lane, block->tick_ns, last);
        outlets_pass(lane->outlets, lane->which, block_sequence(last, BLOCK_MOST_INNER));
        outlets_flush(lane->outlets);
        break;
    case BLOCK_LAST:
        lane_finish(lane, last);
        break;
    }
}
