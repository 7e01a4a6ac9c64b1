#include "dissect/past.h"

#include <assert.h>

/* Of the length of what was read: a number of 11 bits, shifted by one of 5. */
enum { READ_BITS = 11, READ_MASK = (1 << READ_BITS) - 1 };

/* Of a time in milliseconds. */
enum { SEEN_MASK = (1 << 24) - 1 };

/* Of a round trip in 23 bits: nanoseconds, or with this bit microseconds. */
enum { RTT_IN_US = 1 << 23 };

/* Of side_and_carrier. */
enum { IS_KNOWN = 1, SIDE_SHIFT = 1, CARRIER_SHIFT = 2 };

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
    past->client = (uint8_t)exchange_client(&conversation->exchange);
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

static void pack_24(uint32_t value, uint8_t out[3])
{
    out[0] = (uint8_t)value;
    out[1] = (uint8_t)(value >> 8);
    out[2] = (uint8_t)(value >> 16);
}

static uint32_t unpack_24(const uint8_t packed[3])
{
    return packed[0] | (uint32_t)packed[1] << 8 | (uint32_t)packed[2] << 16;
}

static uint32_t pack_rtt(uint32_t rtt_ns)
{
    return rtt_ns < RTT_IN_US ? rtt_ns : RTT_IN_US | rtt_ns / 1000;
}

static uint32_t unpack_rtt(uint32_t packed)
{
    return packed < RTT_IN_US ? packed : (packed & ~(uint32_t)RTT_IN_US) * 1000;
}

/* The direction whose beginning is kept. */
static unsigned side_of(const struct past *past)
{
    const unsigned client = past->client;
    const bool *const is_known = past->beginning.is_known;

    return !is_known[client] && is_known[1 - client] ? 1 - client : client;
}

struct past_packed past_pack(const struct past *past)
{
    const struct beginning *beginning = &past->beginning;
    const unsigned side = side_of(past);
    const unsigned carrier = past->carrier;
    const unsigned is_known = beginning->is_known[side] ? IS_KNOWN : 0;
    struct past_packed packed = {
        .next = beginning->next[side],
        .read = pack_length(beginning->next[side] - beginning->first[side]),
        .side_and_carrier = (uint8_t)(carrier << CARRIER_SHIFT | side << SIDE_SHIFT | is_known),
    };

    pack_24(beginning->seen_ms, packed.seen_ms);
    for (unsigned direction = 0; direction < 2; direction++) {
        pack_24(pack_rtt(past->rtt_ns[direction]), packed.rtt[direction]);
    }
    return packed;
}

struct past past_unpack(const struct past_packed *packed, int64_t now_ns)
{
    const unsigned side = packed->side_and_carrier >> SIDE_SHIFT & 1;
    struct past past = {.carrier = packed->side_and_carrier >> CARRIER_SHIFT,
                        .client = (uint8_t)side};
    struct beginning *beginning = &past.beginning;

    beginning->next[side] = packed->next;
    beginning->first[side] = packed->next - unpack_length(packed->read);
    beginning->is_known[side] = (packed->side_and_carrier & IS_KNOWN) != 0;
    for (unsigned direction = 0; direction < 2; direction++) {
        past.rtt_ns[direction] = unpack_rtt(unpack_24(packed->rtt[direction]));
    }
    beginning_touch(beginning, now_ns);
    beginning->seen_ms -= (beginning->seen_ms - unpack_24(packed->seen_ms)) & SEEN_MASK;
    return past;
}
