#include "app/lane.h"

enum { AT_ONCE = 32 /* frames whose place in the tables is fetched together */ };

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

/* A lane's part of a block, as it goes through it. */
struct share {
    const struct block *block;
    const uint32_t *order; /* the indices of its frames */
    size_t count;
    size_t taken;
};

static uint64_t number_of(const struct block *block, size_t i)
{
    return block->before + 1 + i;
}

/* Where the frames of others begin that lie before the next of its own. */
static size_t passed_begin(const struct share *share, size_t at)
{
    return at == 0 ? 0 : share->order[at - 1] + (size_t)1;
}

/* The time of frames that others took: a dissector ends a few silent handshakes per frame, as many
 * as with all of them. */
static void let_time_pass(struct lane *lane, const struct block *block, size_t begin, size_t end)
{
    const struct dissector_counters *const counters = dissector_counters(lane->dissector);
    uint64_t evicted = UINT64_MAX;
    int64_t latest_ns = INT64_MIN;

    for (size_t i = begin; i < end; i++) {
        const int64_t time_ns = block->batch.frames[i].time_ns;
        latest_ns = time_ns > latest_ns ? time_ns : latest_ns;
    }
    for (size_t i = begin; i < end && counters->evicted_handshakes != evicted; i++) {
        evicted = counters->evicted_handshakes;
        lane_tick(lane, latest_ns, block->before + end);
    }
}

/* The next frames of its own, in a row. */
static size_t pick(const struct share *share, size_t until, struct frame *frames,
                   struct prepared *prepared)
{
    const struct block *const block = share->block;
    const size_t left = until - share->taken;
    const size_t count = left < AT_ONCE ? left : AT_ONCE;

    for (size_t k = 0; k < count; k++) {
        const size_t at = share->taken + k;
        const uint32_t i = share->order[at];
        frames[k] = block->batch.frames[i];
        prepared_copy(&prepared[k], &block->prepared[i]);
        prepared[k].passed = i - (uint32_t)passed_begin(share, at);
    }
    return count;
}

/* Where the clock jumps to and fro, each frame needs to know of all before it. */
static void pass_before(struct lane *lane, const struct share *share, struct prepared *next)
{
    const size_t begin = passed_begin(share, share->taken);

    if (next->passed > 0) {
        let_time_pass(lane, share->block, begin, begin + next->passed);
        next->passed = 0;
    }
}

/* Takes what was picked until something is finished. Returns how many that were. */
static size_t take_picked(struct lane *lane, struct share *share, const struct frame *frames,
                          struct prepared *prepared, size_t count)
{
    const struct block *const block = share->block;

    if (!block->is_in_time) {
        pass_before(lane, share, prepared);
        count = 1;
    }
    const size_t taken = dissector_take(lane->dissector, frames, prepared, count);
    const uint32_t last = share->order[share->taken + (taken > 0 ? taken - 1 : 0)];
    share->taken += taken;
    drain(lane, block_sequence(number_of(block, last), 0));
    return taken;
}

/* Its own frames, up to this one of them. */
static void take_until(struct lane *lane, struct share *share, size_t until)
{
    struct frame frames[AT_ONCE];
    struct prepared prepared[AT_ONCE];

    while (share->taken < until) {
        const size_t count = pick(share, until, frames, prepared);
        dissector_expect(lane->dissector, prepared, count);
        for (size_t k = 0; k < count;) {
            k += take_picked(lane, share, &frames[k], &prepared[k], count - k);
        }
    }
}

/* Up to the frame that something was found inside. */
static void take_up_to(struct lane *lane, struct share *share, size_t after)
{
    size_t until = share->taken;

    while (until < share->count && share->order[until] <= after) {
        until++;
    }
    take_until(lane, share, until);
}

/* What was inside frames, each behind its own, and the frames around. */
static void take_with_inner(struct lane *lane, struct share *share)
{
    const struct block *const block = share->block;
    unsigned inside = 0;

    for (size_t i = 0; i < block->inner_count; i++) {
        struct block_inner *const inner = &block->inner[i];
        inside = i > 0 && inner[-1].after == inner->after ? inside + 1 : 1;
        if (inner->share == lane->which) {
            take_up_to(lane, share, inner->after);
            dissector_take_inner(lane->dissector, &inner->prepared);
            drain(lane, block_sequence(number_of(block, inner->after), inside));
        }
    }
}

static void take_frames(struct lane *lane, const struct block *block)
{
    const size_t begin = block_share_begin(block, lane->which);
    struct share share = {
        .block = block,
        .order = block->order + begin,
        .count = block->share_ends[lane->which] - begin,
    };

    take_with_inner(lane, &share);
    take_until(lane, &share, share.count);
    let_time_pass(lane, block, passed_begin(&share, share.count), block->batch.count);
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
