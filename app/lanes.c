#include "app/lanes_parts.h"

#include "app/condition.h"
#include "app/share.h"
#include "app/tally.h"

#include <stdlib.h>
#include <unistd.h>

enum { BLOCKS_PER_LANE = 3 };

/* ---- What only the caller's lane does ---- */

/* More frames in lanes->lent, unless there are some. */
static enum capture_result borrow(struct lanes *lanes, struct error *error)
{
    if (lanes->lent.count > 0) {
        return CAPTURE_FRAME;
    }
    lanes->lent = (struct frame_batch){.frames = lanes->borrowed, .capacity = LANES_BORROWED};
    const enum capture_result result = intake_next(&lanes->intake, &lanes->lent, error);
    if (result != CAPTURE_FRAME) {
        lanes->lent.count = 0;
    }
    return result;
}

/* Whether to go on copying. Those of a stream have waited long enough then. What can be read in
 * parts need not be copied; but where a part was odd, a good deal is, or each part would be read
 * for a few frames. */
static bool has_enough(const struct lanes *lanes, int64_t begun_ns)
{
    return lanes->options.is_stream
               ? clock_monotonic_ns() - begun_ns >= LANES_WAIT_NS
               : !lanes->is_odd && capture_offer(lanes->options.capture).number != 0;
}

/* Copies frames into a block until it is full, or something else comes than frames. */
static enum capture_result copy_frames(struct lanes *lanes, struct block *block,
                                       struct error *error)
{
    const int64_t begun_ns = lanes->options.is_stream ? clock_monotonic_ns() : 0;
    enum capture_result result = CAPTURE_FRAME;

    while (block_has_room(block)) {
        result = borrow(lanes, error);
        if (result != CAPTURE_FRAME || !block_copy(block, &lanes->lent)) {
            break;
        }
        lanes->lent.count = 0;
        if (has_enough(lanes, begun_ns)) {
            break;
        }
    }
    return result;
}

/* Nobody reads: the caller's lane does, as long as this cannot be done in parts. */
static enum capture_result fill(struct lanes *lanes, struct error *error)
{
    struct place *const place = lanes_claim(lanes, BLOCK_COPIES);

    lanes_unlock(lanes);
    (void)pthread_mutex_lock(&lanes->reading);
    const enum capture_result result = copy_frames(lanes, &place->block, error);
    const struct file_offer offer = capture_offer(lanes->options.capture);
    (void)pthread_mutex_unlock(&lanes->reading);
    lanes_lock(lanes);
    if (result == CAPTURE_FRAME && lanes->lent.count == 0) {
        lanes->offer = offer;
        lanes->is_odd = false;
    }
    if (place->block.batch.count == 0) {
        lanes->claimed--; /* nobody has claimed anything since */
    } else {
        lanes_end_turn(lanes, place, STAGE_WALKED);
    }
    return result;
}

enum capture_result lanes_step(struct lanes *lanes, struct error *error)
{
    enum capture_result result = CAPTURE_FRAME;

    lanes_lock(lanes);
    if (!lanes_do_step(lanes, &lanes->members[0])) {
        if (lanes->claimed == lanes->walked && lanes->offer.number == 0 &&
            lanes_has_free_place(lanes)) {
            result = fill(lanes, error);
        } else {
            lanes_sleep(lanes);
        }
    }
    lanes_unlock(lanes);
    return result;
}

/* Goes on until it is the caller's lane's turn. */
static struct place *claim_turn(struct lanes *lanes, enum block_kind kind)
{
    while (lanes->claimed != lanes->walked || !lanes_has_free_place(lanes)) {
        if (!lanes_do_step(lanes, &lanes->members[0])) {
            lanes_sleep(lanes);
        }
    }
    return lanes_claim(lanes, kind);
}

/* Sends a block without frames around, and goes on until the caller's lane has taken it. */
static void send_around(struct lanes *lanes, enum block_kind kind, int64_t now_ns)
{
    struct member *const own = &lanes->members[0];

    lanes_lock(lanes);
    lanes->is_sending = true;
    lanes->is_ending = kind == BLOCK_LAST;
    if (lanes->lent.count > 0) {
        struct place *const rest = claim_turn(lanes, BLOCK_COPIES);
        (void)!block_copy(&rest->block, &lanes->lent);
        lanes->lent.count = 0;
        lanes_end_turn(lanes, rest, STAGE_WALKED);
    }
    struct place *const place = claim_turn(lanes, kind);
    place->block.tick_ns = now_ns;
    lanes_end_turn(lanes, place, STAGE_PREPARED);
    lanes_publish(lanes);
    while (own->taken != lanes->claimed) {
        if (!lanes_do_step(lanes, own)) {
            lanes_sleep(lanes);
        }
    }
    lanes->is_sending = kind == BLOCK_LAST;
    lanes_unlock(lanes);
}

void lanes_tick(struct lanes *lanes, int64_t now_ns)
{
    send_around(lanes, BLOCK_TICK, now_ns);
}

void lanes_finish(struct lanes *lanes)
{
    send_around(lanes, BLOCK_LAST, 0);
}

void lanes_close(struct lanes *lanes)
{
    lanes_lock(lanes);
    lanes->is_closing = true;
    lanes_wake(lanes);
    lanes_unlock(lanes);
    outlets_close(lanes->options.outlets, 0);
}

/* ---- What is asked from outside ---- */

void lanes_counters(struct lanes *lanes, struct dissector_counters *out)
{
    *out = (struct dissector_counters){0};
    lanes_lock(lanes);
    for (unsigned i = 0; i < lanes->count; i++) {
        tally_add_dissector(out, &lanes->members[i].counters);
    }
    tally_add_fragments(&out->fragments, &lanes->fragments);
    lanes_unlock(lanes);
}

void lanes_times(struct lanes *lanes, struct intake_times *out)
{
    lanes_lock(lanes);
    *out = lanes->times;
    lanes_unlock(lanes);
}

void lanes_statistics(struct lanes *lanes, struct capture_statistics *out)
{
    (void)pthread_mutex_lock(&lanes->reading);
    capture_statistics(lanes->options.capture, out);
    (void)pthread_mutex_unlock(&lanes->reading);
}

/* ---- Beginning and end ---- */

static bool make_places(struct lanes *lanes)
{
    const unsigned count = BLOCKS_PER_LANE * lanes->count + 1;

    lanes->places = calloc(count, sizeof(*lanes->places));
    if (lanes->places == NULL) {
        return false;
    }
    while (lanes->place_count < count) {
        if (!block_init(&lanes->places[lanes->place_count++].block, lanes->options.capture,
                        lanes->options.count)) {
            return false;
        }
    }
    return true;
}

static bool make_lanes(struct lanes *lanes, struct error *error)
{
    const struct dissector_options *const whole = lanes->options.whole;
    const struct dissector_options share = share_of_options(whole, lanes->options.count);

    while (lanes->count < lanes->options.count) {
        struct member *const member = &lanes->members[lanes->count];
        member->lanes = lanes;
        member->fd = -1;
        if (!lane_init(&member->lane, lanes->count++, &share, lanes->options.outlets, error)) {
            return false;
        }
    }
    lanes->inner = inner_frames_new(whole->max_fragment_bytes, whole->flow_key, &lanes->unwrapped);
    return (lanes->inner != NULL && make_places(lanes)) ||
           error_set(error, "no memory to dissect with");
}

static void *run(void *argument)
{
    struct member *const member = argument;
    struct lanes *const lanes = member->lanes;

    lanes_lock(lanes);
    while (!member->is_done && (!lanes->is_closing || lanes->is_ending)) {
        if (!lanes_do_step(lanes, member)) {
            lanes_sleep(lanes);
        }
    }
    lanes_unlock(lanes);
    outlets_close(lanes->options.outlets, member->lane.which);
    return NULL;
}

static bool start_threads(struct lanes *lanes, struct error *error)
{
    for (unsigned i = 1; i < lanes->count; i++) {
        struct member *const member = &lanes->members[i];
        member->has_thread = pthread_create(&member->thread, NULL, run, member) == 0;
        if (!member->has_thread) {
            lanes_close(lanes);
            return error_set(error, "no thread to dissect with");
        }
    }
    return true;
}

struct lanes *lanes_new(const struct lanes_options *options, struct error *error)
{
    struct lanes *lanes = calloc(1, sizeof(*lanes) + options->count * sizeof(lanes->members[0]));

    if (lanes == NULL) {
        (void)error_set(error, "no memory to dissect with");
        return NULL;
    }
    lanes->options = *options;
    condition_init(&lanes->changed);
    (void)pthread_mutex_init(&lanes->lock, NULL);
    (void)pthread_mutex_init(&lanes->reading, NULL);
    intake_init(&lanes->intake, options->capture);
    intake_times_init(&lanes->times);
    if (!make_lanes(lanes, error) || !start_threads(lanes, error)) {
        lanes_free(lanes);
        return NULL;
    }
    return lanes;
}

static void clear_member(struct member *member)
{
    if (member->has_thread) {
        (void)pthread_join(member->thread, NULL);
    }
    if (member->fd >= 0) {
        (void)close(member->fd);
    }
    lane_clear(&member->lane);
}

void lanes_free(struct lanes *lanes)
{
    if (lanes == NULL) {
        return;
    }
    for (unsigned i = 0; i < lanes->count; i++) {
        clear_member(&lanes->members[i]);
    }
    for (unsigned i = 0; i < lanes->place_count; i++) {
        block_clear(&lanes->places[i].block);
    }
    free(lanes->places);
    inner_frames_free(lanes->inner);
    (void)pthread_cond_destroy(&lanes->changed);
    (void)pthread_mutex_destroy(&lanes->lock);
    (void)pthread_mutex_destroy(&lanes->reading);
    free(lanes);
}
