#include "dissect/past.h"

#include <assert.h>

/* Of the length of what was read: a number of 11 bits, shifted by one of 5. */
enum { READ_BITS = 11, READ_MASK = (1 << READ_BITS) - 1 };

/* Of a time in milliseconds. */
enum { SEEN_MASK = (1 << 24) - 1 };

/* Of known_and_carrier. */
enum { CARRIER_SHIFT = 2 };

static_assert((int)CARRIER_OTHER < 1 << (8 - CARRIER_SHIFT), "a carrier fits beside two flags");

void past_note(struct past *past, const struct conversation *conversation)
{
    struct beginning *beginning = &past->beginning;

    for (unsigned direction = 0; direction < 2; direction++) {
        const struct stream *stream = &conversation->streams[direction];
        if (conversation->exchange.is_further && beginning->is_known[direction]) {
            continue; /* where the connection began is known better */
        }
        if (stream->has_start) {
            beginning_note(beginning, direction, stream->first);
        } else if (stream->has_peer_ack) {
            beginning_note(beginning, direction, stream->peer_ack);
        }
    }
    beginning_touch(beginning, conversation->now_ns);
}

void past_keep(struct past *past, const struct conversation *conversation)
{
    for (unsigned direction = 0; direction < 2; direction++) {
        const struct stream *stream = &conversation->streams[direction];
        const int64_t rtt_ns = path_rtt_to(&conversation->path, direction);
        if (stream->has_start) {
            beginning_note_end(&past->beginning, direction, stream->next);
        }
        past->rtt_ns[direction] = rtt_ns >= 0 && rtt_ns <= UINT32_MAX ? (uint32_t)rtt_ns : 0;
    }
    past->carrier = (uint8_t)conversation->exchange.handshake.carrier;
}

void past_path(const struct past *past, struct path *out)
{
    int64_t rtt_ns[2];

    for (unsigned direction = 0; direction < 2; direction++) {
        rtt_ns[direction] = past->rtt_ns[direction] > 0 ? past->rtt_ns[direction] : PATH_NONE;
    }
    path_init_known(out, rtt_ns);
}

/* ---- In the room of a flow ---- */

static uint16_t pack_length(uint32_t length)
{
    unsigned shift = 0;

    while (length >> shift > READ_MASK) {
        shift++;
    }
    return (uint16_t)(shift << READ_BITS | length >> shift);
}

static uint32_t unpack_length(uint16_t packed)
{
    return (uint32_t)(packed & READ_MASK) << (packed >> READ_BITS);
}

struct past_packed past_pack(const struct past *past)
{
    const struct beginning *beginning = &past->beginning;
    struct past_packed packed = {
        .seen_ms = {(uint8_t)beginning->seen_ms, (uint8_t)(beginning->seen_ms >> 8),
                    (uint8_t)(beginning->seen_ms >> 16)},
        .known_and_carrier = (uint8_t)(past->carrier << CARRIER_SHIFT),
    };

    for (unsigned direction = 0; direction < 2; direction++) {
        packed.next[direction] = beginning->next[direction];
        packed.rtt_ns[direction] = past->rtt_ns[direction];
        packed.read[direction] =
            pack_length(beginning->next[direction] - beginning->first[direction]);
        packed.known_and_carrier |= (uint8_t)(beginning->is_known[direction] << direction);
    }
    return packed;
}

struct past past_unpack(const struct past_packed *packed, int64_t now_ns)
{
    struct past past = {.carrier = packed->known_and_carrier >> CARRIER_SHIFT};
    struct beginning *beginning = &past.beginning;
    const uint32_t seen_ms =
        packed->seen_ms[0] | (uint32_t)packed->seen_ms[1] << 8 | (uint32_t)packed->seen_ms[2] << 16;

    for (unsigned direction = 0; direction < 2; direction++) {
        beginning->next[direction] = packed->next[direction];
        beginning->first[direction] =
            packed->next[direction] - unpack_length(packed->read[direction]);
        beginning->is_known[direction] = (packed->known_and_carrier >> direction & 1) != 0;
        past.rtt_ns[direction] = packed->rtt_ns[direction];
    }
    beginning_touch(beginning, now_ns);
    beginning->seen_ms -= (beginning->seen_ms - seen_ms) & SEEN_MASK;
    return past;
}
