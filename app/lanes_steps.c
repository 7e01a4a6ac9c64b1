#include "app/lanes_parts.h"

#include "app/condition.h"

#include <fcntl.h>
#include <unistd.h>

enum {
    MOST_CLAIMED = 2 /* parts that a lane has read or is reading, and whose turn has not come */
};

void lanes_wake(struct lanes *lanes)
{
    if (lanes->sleepers > 0) {
        (void)pthread_cond_broadcast(&lanes->changed);
    }
}

void lanes_sleep(struct lanes *lanes)
{
    lanes->sleepers++;
    condition_wait(&lanes->changed, &lanes->lock, LANES_WAIT_NS);
    lanes->sleepers--;
}

static struct place *place_of(struct lanes *lanes, uint64_t number)
{
    return &lanes->places[number % lanes->place_count];
}

static const struct flow_hash *hash_of(const struct lanes *lanes)
{
    return dissector_hash(lanes->members[0].lane.dissector);
}

/* ---- Blocks in their order: all with the lock ---- */

bool lanes_has_free_place(const struct lanes *lanes)
{
    uint64_t slowest = UINT64_MAX;

    for (unsigned i = 0; i < lanes->count; i++) {
        slowest = lanes->members[i].taken < slowest ? lanes->members[i].taken : slowest;
    }
    return lanes->claimed - slowest < lanes->place_count;
}

struct place *lanes_claim(struct lanes *lanes, enum block_kind kind)
{
    struct place *const place = place_of(lanes, lanes->claimed++);

    block_begin(&place->block, kind);
    place->stage = STAGE_CLAIMED;
    return place;
}

/* What is next in turn to be published, once it is prepared. Frames inside others are found
 * meanwhile, without the lock. */
void lanes_publish(struct lanes *lanes)
{
    while (!lanes->is_publishing && lanes->published < lanes->walked &&
           place_of(lanes, lanes->published)->stage == STAGE_PREPARED) {
        struct block *const block = &place_of(lanes, lanes->published)->block;
        lanes->is_publishing = true;
        lanes_unlock(lanes);
        block_unwrap(block, lanes->inner, hash_of(lanes), lanes->count);
        if (block->kind == BLOCK_LAST) {
            inner_frames_finish(lanes->inner);
        }
        lanes_lock(lanes);
        if (block->has_wrapped || block->kind == BLOCK_LAST) {
            lanes->fragments = lanes->unwrapped;
        }
        lanes->published++;
        lanes->is_publishing = false;
        lanes_wake(lanes);
    }
}

/* The frames of the block in turn are found. */
void lanes_end_turn(struct lanes *lanes, struct place *place, enum stage stage)
{
    struct block *const block = &place->block;

    block->before = lanes->frames;
    lanes->frames += block->batch.count;
    intake_times_see(&lanes->times, block->batch.frames, block->batch.count);
    place->stage = stage;
    lanes->walked++;
    lanes_wake(lanes);
}

static void prepare(struct lanes *lanes, struct place *place)
{
    place->stage = STAGE_PREPARING;
    lanes_unlock(lanes);
    block_prepare(&place->block, hash_of(lanes), lanes->count);
    lanes_lock(lanes);
    place->stage = STAGE_PREPARED;
    lanes_publish(lanes);
}

/* ---- The steps of a lane: false when it is not to be taken now ---- */

/* Its own part is in turn: finds the frames in it, and prepares them. A part that is not what comes
 * next, or begins with something odd, ends the reading in parts: see fill(). */
static bool walk_part(struct lanes *lanes, struct member *member)
{
    struct place *const place = place_of(lanes, lanes->walked);
    struct block *const block = &place->block;

    if (lanes->walked == lanes->claimed || place->stage != STAGE_READ ||
        place->owner != member->lane.which) {
        return false;
    }
    lanes_unlock(lanes);
    (void)pthread_mutex_lock(&lanes->reading);
    const bool is_next = capture_next_of_part(lanes->options.capture, &block->part, &block->batch);
    (void)pthread_mutex_unlock(&lanes->reading);
    lanes_lock(lanes);
    if (!is_next) {
        lanes->offer.number = 0;
        lanes->is_odd = true;
    }
    member->claimed--;
    lanes_end_turn(lanes, place, STAGE_WALKED);
    prepare(lanes, place);
    return true;
}

/* Copies that nobody prepares yet. */
static bool prepare_copies(struct lanes *lanes)
{
    for (uint64_t i = lanes->published; i < lanes->walked; i++) {
        struct place *const place = place_of(lanes, i);
        if (place->stage == STAGE_WALKED && place->block.kind == BLOCK_COPIES) {
            prepare(lanes, place);
            return true;
        }
    }
    return false;
}

static bool take(struct lanes *lanes, struct member *member)
{
    if (member->taken == lanes->published) {
        return false;
    }
    const struct block *const block = &place_of(lanes, member->taken)->block;
    lanes_unlock(lanes);
    lane_take(&member->lane, block);
    lanes_lock(lanes);
    member->counters = *dissector_counters(member->lane.dissector);
    member->is_done = block->kind == BLOCK_LAST;
    member->taken++;
    lanes_wake(lanes);
    if (lanes->options.is_stream) {
        outlets_flush(lanes->options.outlets);
    }
    return true;
}

/* Each lane has its own descriptor of the file: the capture's is closed at the end of the file,
 * also while others still read what lies behind it. */
static void use_file(struct member *member, const struct file_offer *offer)
{
    if (member->fd_number == offer->number) {
        return;
    }
    if (member->fd >= 0) {
        (void)close(member->fd);
    }
    member->fd = fcntl(offer->fd, F_DUPFD_CLOEXEC, 0);
    member->fd_number = offer->number;
}

static bool claim_part(struct lanes *lanes, struct member *member)
{
    struct file_offer *const offer = &lanes->offer;

    if (offer->number == 0 || lanes->is_sending || member->claimed == MOST_CLAIMED ||
        !lanes_has_free_place(lanes)) {
        return false;
    }
    struct place *const place = lanes_claim(lanes, BLOCK_PART);
    const uint64_t from = offer->from;
    place->owner = member->lane.which;
    member->claimed++;
    use_file(member, offer);
    offer->from += file_part_bytes(&place->block.part);
    if (offer->from >= offer->to) {
        offer->number = 0;
    }
    lanes_unlock(lanes);
    file_part_read(&place->block.part, member->fd, member->fd_number, from);
    lanes_lock(lanes);
    place->stage = STAGE_READ;
    return true;
}

bool lanes_do_step(struct lanes *lanes, struct member *member)
{
    return walk_part(lanes, member) || prepare_copies(lanes) || take(lanes, member) ||
           claim_part(lanes, member);
}
