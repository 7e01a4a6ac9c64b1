#include "dissect/net/inner_frames.h"

#include "dissect/net/wlan.h"

#include <assert.h>
#include <stdlib.h>

/* What is still to be handed out: a frame, or the frames of an aggregate. Its bytes may lie in the
 * buffer of a level below. */
struct level {
    bool is_ready; /* frame was not handed out yet */
    struct frame frame;
    struct aggregate aggregate;
    uint8_t *buffer; /* of DATAGRAM_FRAME_BYTES */
};

struct inner_frames {
    struct fragments *fragments; /* NULL: what lies inside is left there */
    struct fragments_counters *counters;
    unsigned depth; /* levels in use */
    struct level levels[INNER_FRAMES_MAX_DEPTH];
};

static bool make_room(struct inner_frames *inner, size_t max_fragment_bytes, const uint8_t key[16])
{
    for (size_t i = 0; i < INNER_FRAMES_MAX_DEPTH; i++) {
        inner->levels[i].buffer = malloc(DATAGRAM_FRAME_BYTES);
        if (inner->levels[i].buffer == NULL) {
            return false;
        }
    }
    inner->fragments = fragments_new(max_fragment_bytes, key, inner->counters);
    return inner->fragments != NULL;
}

struct inner_frames *inner_frames_new(size_t max_fragment_bytes, const uint8_t key[16],
                                      struct fragments_counters *counters)
{
    struct inner_frames *inner = calloc(1, sizeof(*inner));

    if (inner == NULL) {
        return NULL;
    }
    inner->counters = counters;
    if (max_fragment_bytes > 0 && !make_room(inner, max_fragment_bytes, key)) {
        inner_frames_free(inner);
        return NULL;
    }
    return inner;
}

void inner_frames_free(struct inner_frames *inner)
{
    if (inner == NULL) {
        return;
    }
    for (size_t i = 0; i < INNER_FRAMES_MAX_DEPTH; i++) {
        free(inner->levels[i].buffer);
    }
    fragments_free(inner->fragments);
    free(inner);
}

static void count_other(struct inner_frames *inner, enum dead_end_other what)
{
    dead_ends_add(&inner->counters->dead_ends, (struct dead_end){DEAD_END_OTHER, what}, 1);
}

static void open_fragment(struct inner_frames *inner, const struct fragment *fragment)
{
    if (inner->depth == INNER_FRAMES_MAX_DEPTH) {
        count_other(inner, DEAD_END_TOO_DEEP);
        return;
    }
    struct level *const level = &inner->levels[inner->depth];
    if (fragments_add(inner->fragments, fragment, inner->depth == 0, level->buffer,
                      &level->frame)) {
        level->is_ready = true;
        level->aggregate.rest.len = 0;
        inner->depth++;
    }
}

static void open_aggregate(struct inner_frames *inner, const struct aggregate *aggregate)
{
    if (inner->depth == INNER_FRAMES_MAX_DEPTH) {
        count_other(inner, DEAD_END_TOO_DEEP);
        return;
    }
    struct level *const level = &inner->levels[inner->depth++];
    level->is_ready = false;
    level->aggregate = *aggregate;
}

static void take_in(struct inner_frames *inner, enum packet_result result,
                    const struct packet *packet)
{
    switch (result) {
    case PACKET_FRAGMENT:
        if (inner->fragments != NULL) {
            open_fragment(inner, &packet->fragment);
        }
        break;
    case PACKET_AGGREGATE:
        if (inner->fragments != NULL) {
            open_aggregate(inner, &packet->aggregate);
        }
        break;
    case PACKET_NOT_IP:
    case PACKET_OTHER_TRANSPORT:
    case PACKET_UNKNOWN_LINK:
        dead_ends_add(&inner->counters->dead_ends, packet->dead_end, 1);
        break;
    case PACKET_UNKNOWN_TUNNEL:
        count_other(inner, DEAD_END_TOO_DEEP);
        break;
    case PACKET_TCP:
    case PACKET_UDP:
    case PACKET_TRUNCATED:
    case PACKET_MALFORMED:
    case PACKET_RESULT_COUNT:
        break;
    }
}

void inner_frames_add(struct inner_frames *inner, enum packet_result result,
                      const struct packet *packet)
{
    assert(inner->depth == 0);
    take_in(inner, result, packet);
}

static bool take_frame(struct level *level, struct frame *out)
{
    if (level->is_ready) {
        level->is_ready = false;
        *out = level->frame;
        return true;
    }
    return level->aggregate.rest.len > 0 && wlan_next_of_aggregate(&level->aggregate, out);
}

/* A level stays until the one above it is done: bytes above may be borrowed from it. */
bool inner_frames_next(struct inner_frames *inner, struct frame *out, struct segment *segment)
{
    while (inner->depth > 0) {
        struct packet packet;
        if (!take_frame(&inner->levels[inner->depth - 1], out)) {
            inner->depth--;
            continue;
        }
        const enum packet_result result = packet_parse(out, &packet);
        if (result == PACKET_TCP || result == PACKET_UDP) {
            *segment = packet.segment;
            return true;
        }
        take_in(inner, result, &packet);
    }
    return false;
}

void inner_frames_finish(struct inner_frames *inner)
{
    if (inner->fragments != NULL) {
        fragments_finish(inner->fragments);
    }
}
