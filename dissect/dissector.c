#include "dissect/dissector.h"

#include "dissect/connections.h"
#include "dissect/datagram_flows.h"
#include "dissect/finished.h"
#include "dissect/net/inner_frames.h"

#include "base/pool.h"

#include <stdlib.h>

enum { LOOKS_AHEAD = 8 }; /* frames whose open conversations are fetched before their turn */

struct dissector {
    struct dissector_front front; /* first: see dissector_next() */
    struct flow_hash hash;
    struct dissector_options options;
    struct dissector_counters counters;
    struct connections *connections;
    struct datagram_flows *datagrams;
    struct inner_frames *inner;
    struct conversation_means means;
    struct finished finished;
    bool has_datagrams; /* a UDP flow is followed */
    bool has_inner;     /* frames inside the last one are not taken in yet */
    bool is_finishing;
};

/* Half of the buffer memory is for segments that wait, half for messages that are split. */
static bool make_pools(struct dissector *dissector)
{
    const struct dissector_options *options = &dissector->options;
    const size_t half = options->max_buffer_bytes / 2;
    struct conversation_means *means = &dissector->means;

    means->stream_blocks = pool_new(STREAM_BLOCK_BYTES, half / STREAM_BLOCK_BYTES);
    means->readers.small = pool_new(READER_SMALL_BYTES, half / 2 / READER_SMALL_BYTES);
    means->readers.large = pool_new(READER_LARGE_BYTES, half / 2 / READER_LARGE_BYTES);
    return means->stream_blocks != NULL && means->readers.small != NULL &&
           means->readers.large != NULL;
}

static bool make_datagrams(struct dissector *dissector, struct error *error)
{
    struct datagram_flows_options options = {
        .max_flows = dissector->options.max_datagram_flows,
        .idle_timeout_ns = dissector->options.idle_timeout_ns,
        .pools = &dissector->means.readers,
        .session_hash = dissector->means.session_hash,
        .finished = &dissector->finished,
        .begun = &dissector->counters.conversations,
        .evicted = &dissector->counters.evicted_handshakes,
        .is_busy = &dissector->has_datagrams,
    };

    dissector->datagrams = datagram_flows_new(&options);
    return dissector->datagrams != NULL || error_set(error, "no memory for UDP flows");
}

static bool make_inner_frames(struct dissector *dissector, struct error *error)
{
    const struct dissector_options *options = &dissector->options;

    dissector->inner = inner_frames_new(options->max_fragment_bytes, options->flow_key,
                                        &dissector->counters.fragments);
    return dissector->inner != NULL || error_set(error, "no memory for fragments");
}

struct dissector *dissector_new(const struct dissector_options *options, struct error *error)
{
    struct dissector *dissector = calloc(1, sizeof(*dissector));

    if (dissector == NULL) {
        (void)error_set(error, "no memory for the dissector");
        return NULL;
    }
    dissector->options = *options;
    dissector->finished.has_any = &dissector->front.has_more;
    flow_hash_init(&dissector->hash, options->flow_key);
    dissector->connections =
        connections_new(options, &dissector->means, &dissector->counters, &dissector->finished);
    if (dissector->connections == NULL || !make_pools(dissector)) {
        (void)error_set(error, "no memory for %u conversations", options->max_conversations);
        dissector_free(dissector);
        return NULL;
    }
    dissector->means.session_hash = keyed_hash_new(options->session_key, error);
    if (dissector->means.session_hash == NULL || !make_datagrams(dissector, error) ||
        !make_inner_frames(dissector, error)) {
        dissector_free(dissector);
        return NULL;
    }
    return dissector;
}

void dissector_free(struct dissector *dissector)
{
    if (dissector == NULL) {
        return;
    }
    inner_frames_free(dissector->inner);
    datagram_flows_free(dissector->datagrams);
    connections_free(dissector->connections);
    keyed_hash_free(dissector->means.session_hash);
    pool_free(dissector->means.readers.large);
    pool_free(dissector->means.readers.small);
    pool_free(dissector->means.stream_blocks);
    free(dissector);
}

/* The next frame inside the last one. False: there is no further one. */
static COLD bool look_inside(struct dissector *dissector)
{
    struct frame frame;
    struct segment segment;
    struct prepared prepared;

    dissector->has_inner = inner_frames_next(dissector->inner, &frame, &segment);
    if (dissector->has_inner) {
        prepare_segment(&dissector->hash, &segment, &prepared);
        dissector_take_inner(dissector, &prepared);
    }
    return dissector->has_inner;
}

/* A frame that came to no segment by itself. What is inside it does: there is no end to how many
 * handshakes that can finish, so they are taken out before one looks further. */
static COLD void look_for_inner(struct dissector *dissector, const struct frame *frame)
{
    struct packet packet;
    const enum packet_result result = packet_parse(frame, &packet);

    inner_frames_add(dissector->inner, result, &packet);
    dissector->has_inner = true;
    dissector->front.has_more = true;
}

const struct flow_hash *dissector_hash(const struct dissector *dissector)
{
    return &dissector->hash;
}

void dissector_expect(struct dissector *dissector, struct prepared *prepared, size_t count)
{
    connections_expect(dissector->connections, prepared, count);
}

void dissector_take_inner(struct dissector *dissector, struct prepared *prepared)
{
    if (prepared->result == PACKET_TCP) {
        connections_feed(dissector->connections, prepared, NULL);
    } else if (prepared->result == PACKET_UDP) {
        datagram_flows_feed(dissector->datagrams, prepared);
    }
}

static inline void tick(struct dissector *dissector, int64_t now_ns)
{
    if (dissector->has_datagrams) {
        datagram_flows_tick(dissector->datagrams, now_ns);
    }
    connections_tick(dissector->connections, now_ns);
}

void dissector_tick(struct dissector *dissector, int64_t now_ns)
{
    tick(dissector, now_ns);
}

static void take(struct dissector *dissector, const struct frame *frame, struct prepared *prepared)
{
    dissector->counters.frames++;
    dissector->counters.bytes += frame->wire_len;
    dissector->counters.by_result[prepared->result]++;
    tick(dissector, frame->time_ns);
    if (prepared->result == PACKET_TCP) {
        connections_feed(dissector->connections, prepared, frame);
    } else if (prepared->result == PACKET_UDP) {
        datagram_flows_feed(dissector->datagrams, prepared);
    } else {
        look_for_inner(dissector, frame);
    }
}

/* Those that nothing is to be learnt from, as long as they come. */
static size_t pass(struct dissector *dissector, const struct frame *frames,
                   const struct prepared *prepared, size_t count)
{
    if (dissector->has_datagrams) {
        return 0; /* their clock is another one */
    }
    const size_t passed = connections_pass(dissector->connections, frames, prepared, count,
                                           &dissector->counters.bytes);
    dissector->counters.frames += passed;
    dissector->counters.by_result[PACKET_TCP] += passed;
    return passed;
}

/* What is open is fetched for some frames ahead of one that is taken. *looked: up to where that was
 * done. */
static void look_ahead(const struct dissector *dissector, struct prepared *prepared, size_t *looked,
                       size_t until)
{
    for (; *looked < until; (*looked)++) {
        if (prepared[*looked].result == PACKET_TCP) {
            connections_expect_open(dissector->connections, &prepared[*looked]);
        }
    }
}

/* One of the frames before this one that others took: each ends a few handshakes that were silent
 * for too long. */
static void let_one_pass(struct dissector *dissector, const struct frame *frame,
                         struct prepared *prepared)
{
    const uint64_t evicted = dissector->counters.evicted_handshakes;

    tick(dissector, frame->time_ns);
    prepared->passed = dissector->counters.evicted_handshakes == evicted ? 0 : prepared->passed - 1;
}

size_t dissector_take(struct dissector *dissector, const struct frame *frames,
                      struct prepared *prepared, size_t count)
{
    size_t taken = 0;
    size_t looked = 0;

    while (taken < count && !dissector->front.has_more) {
        taken += pass(dissector, frames + taken, prepared + taken, count - taken);
        if (taken < count && prepared[taken].passed > 0) {
            let_one_pass(dissector, &frames[taken], &prepared[taken]);
        } else if (taken < count) {
            looked = looked > taken ? looked : taken;
            look_ahead(dissector, prepared, &looked,
                       count - taken > LOOKS_AHEAD ? taken + LOOKS_AHEAD : count);
            take(dissector, &frames[taken], &prepared[taken]);
            taken++;
        }
    }
    return taken;
}

void dissector_feed(struct dissector *dissector, const struct frame *frame)
{
    struct prepared prepared;

    prepare_frame(&dissector->hash, frame, &prepared);
    take(dissector, frame, &prepared);
}

void dissector_feed_inner(struct dissector *dissector, const struct frame *frame)
{
    struct prepared prepared;

    prepare_frame(&dissector->hash, frame, &prepared);
    if (prepared.result == PACKET_TCP) {
        (void)prepared_segment(&prepared, frame);
    }
    dissector_take_inner(dissector, &prepared);
}

/* Does what may finish further handshakes. False: there is nothing to be done. */
static bool go_on(struct dissector *dissector)
{
    return (dissector->is_finishing && (datagram_flows_end_one(dissector->datagrams) ||
                                        connections_end_one(dissector->connections))) ||
           (dissector->has_inner && look_inside(dissector));
}

bool dissector_next_finished(struct dissector *dissector, struct handshake *out)
{
    while (!finished_pop(&dissector->finished, out)) {
        if (!go_on(dissector)) {
            dissector->front.has_more = false;
            return false;
        }
    }
    dissector->counters.by_verdict[out->verdict]++;
    return true;
}

void dissector_finish(struct dissector *dissector)
{
    dissector->is_finishing = true;
    dissector->front.has_more = true;
    inner_frames_finish(dissector->inner);
}

const struct dissector_counters *dissector_counters(const struct dissector *dissector)
{
    return &dissector->counters;
}
