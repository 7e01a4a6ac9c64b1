#include "dissect/dissector.h"

#include "dissect/age_list.h"
#include "dissect/conversation.h"
#include "dissect/datagram_flows.h"
#include "dissect/finished.h"
#include "dissect/net/beginning.h"
#include "dissect/net/flow_table.h"

#include "base/pool.h"

#include <stdlib.h>
#include <string.h>

enum { EXPIRIES_PER_FRAME = 4 }; /* conversations ended by silence, looked for at each frame */

/* After a reset, what was under way still arrives; then nothing does. */
#define RESET_TIMEOUT_NS (INT64_C(2) * 1000000000)

/* An open conversation, in one of two lists. */
struct open_conversation {
    struct age_link age; /* first: what age lists know of it */
    uint32_t slot;
    struct conversation conversation;
};

/* What lies in a slot of the flow table: at most one of the two, none once it is over. */
struct slot {
    struct path *path; /* a SYN was seen, no payload yet */
    struct open_conversation *open;
    struct beginning beginning; /* of what was open */
};

struct dissector {
    struct dissector_options options;
    struct dissector_counters counters;
    struct flow_table *flows;
    struct slot *slots;
    struct pool *paths;
    struct pool *conversations;
    struct datagram_flows *datagrams;
    struct conversation_means means;
    struct age_list active;
    struct age_list reset; /* one side has sent a RST, and nothing is proven yet */
    struct finished finished;
    bool is_finishing;
};

/* Half of the buffer memory is for segments that wait, half for messages that are split. */
static bool make_pools(struct dissector *dissector)
{
    const struct dissector_options *options = &dissector->options;
    const size_t half = options->max_buffer_bytes / 2;
    struct conversation_means *means = &dissector->means;

    dissector->paths = pool_new(sizeof(struct path), options->max_conversations);
    dissector->conversations = pool_new(sizeof(struct open_conversation), options->max_handshakes);
    means->stream_blocks = pool_new(STREAM_BLOCK_BYTES, half / STREAM_BLOCK_BYTES);
    means->readers.small = pool_new(READER_SMALL_BYTES, half / 2 / READER_SMALL_BYTES);
    means->readers.large = pool_new(READER_LARGE_BYTES, half / 2 / READER_LARGE_BYTES);
    return dissector->paths != NULL && dissector->conversations != NULL &&
           means->stream_blocks != NULL && means->readers.small != NULL &&
           means->readers.large != NULL;
}

static bool make_datagrams(struct dissector *dissector, struct error *error)
{
    struct datagram_flows_options options = {
        .max_flows = dissector->options.max_handshakes < 2 ? 2 : dissector->options.max_handshakes,
        .idle_timeout_ns = dissector->options.idle_timeout_ns,
        .pools = &dissector->means.readers,
        .session_hash = dissector->means.session_hash,
        .begun = &dissector->counters.conversations,
        .evicted = &dissector->counters.evicted_handshakes,
    };

    memcpy(options.flow_key, dissector->options.flow_key, sizeof(options.flow_key));
    dissector->datagrams = datagram_flows_new(&options);
    return dissector->datagrams != NULL || error_set(error, "no memory for UDP flows");
}

struct dissector *dissector_new(const struct dissector_options *options, struct error *error)
{
    struct dissector *dissector = calloc(1, sizeof(*dissector));

    if (dissector == NULL) {
        (void)error_set(error, "no memory for the dissector");
        return NULL;
    }
    dissector->options = *options;
    dissector->active.timeout_ns = options->idle_timeout_ns;
    dissector->reset.timeout_ns = RESET_TIMEOUT_NS;
    dissector->flows = flow_table_new(options->max_conversations, options->flow_key);
    dissector->slots = calloc(options->max_conversations, sizeof(*dissector->slots));
    if (dissector->flows == NULL || dissector->slots == NULL || !make_pools(dissector)) {
        (void)error_set(error, "no memory for %u conversations", options->max_conversations);
        dissector_free(dissector);
        return NULL;
    }
    dissector->means.session_hash = keyed_hash_new(options->session_key, error);
    if (dissector->means.session_hash == NULL || !make_datagrams(dissector, error)) {
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
    datagram_flows_free(dissector->datagrams);
    keyed_hash_free(dissector->means.session_hash);
    pool_free(dissector->means.readers.large);
    pool_free(dissector->means.readers.small);
    pool_free(dissector->means.stream_blocks);
    pool_free(dissector->conversations);
    pool_free(dissector->paths);
    free(dissector->slots);
    flow_table_free(dissector->flows);
    free(dissector);
}

/* ---- Open conversations, by age ---- */

static struct open_conversation *oldest_of(const struct age_list *list)
{
    return (struct open_conversation *)list->oldest;
}

static void touch(struct dissector *dissector, struct open_conversation *open, int64_t time_ns)
{
    struct age_list *list =
        conversation_is_reset(&open->conversation) ? &dissector->reset : &dissector->active;

    age_list_touch(list, &open->age, time_ns);
}

/* The one to give up for room: a dying one first. NULL when none is open. */
static struct open_conversation *oldest_open(const struct dissector *dissector)
{
    return oldest_of(dissector->reset.oldest != NULL ? &dissector->reset : &dissector->active);
}

/* ---- The end of a conversation ---- */

static void push_finished(struct dissector *dissector, const struct handshake *handshake)
{
    dissector->counters.by_verdict[handshake->verdict]++;
    finished_push(&dissector->finished, handshake);
}

/* The conversation has said its last word: keeps its record, frees its memory. What stays is an
 * entry in the flow table, so that what follows costs a lookup and no more. */
static void close_conversation(struct dissector *dissector, struct open_conversation *open,
                               enum conversation_state state)
{
    switch (state) {
    case CONVERSATION_HANDSHAKE:
        push_finished(dissector, &open->conversation.exchange.handshake);
        break;
    case CONVERSATION_NOT_TLS:
        dissector->counters.not_tls++;
        break;
    case CONVERSATION_MID_STREAM:
        dissector->counters.mid_stream_tls++;
        break;
    case CONVERSATION_OPEN:
        break;
    }
    dissector->counters.not_reassembled_bytes += open->conversation.lost_bytes;
    conversation_clear(&open->conversation, &dissector->means);
    age_list_remove(&open->age);
    dissector->slots[open->slot].open = NULL;
    flow_table_set_rank(dissector->flows, open->slot, FLOW_RANK_DONE);
    pool_give(dissector->conversations, open);
}

static void end_conversation(struct dissector *dissector, struct open_conversation *open,
                             enum verdict_ending ending)
{
    close_conversation(dissector, open,
                       conversation_end(&open->conversation, &dissector->means, ending));
}

static void give_up_conversation(struct dissector *dissector, struct open_conversation *open)
{
    if (!conversation_is_reset(&open->conversation)) {
        dissector->counters.evicted_handshakes++;
    }
    end_conversation(dissector, open, VERDICT_ENDING_EVICTED);
}

static void drop_path(struct dissector *dissector, uint32_t slot)
{
    if (dissector->slots[slot].path != NULL) {
        pool_give(dissector->paths, dissector->slots[slot].path);
        dissector->slots[slot].path = NULL;
    }
}

/* Makes a slot as good as new, for the next connection between the same endpoints. */
static void reset_slot(struct dissector *dissector, uint32_t slot, enum verdict_ending ending)
{
    if (dissector->slots[slot].open != NULL) {
        end_conversation(dissector, dissector->slots[slot].open, ending);
    }
    drop_path(dissector, slot);
    dissector->slots[slot].beginning = (struct beginning){.seen_ms = 0};
}

static void evict_flow(struct dissector *dissector)
{
    const uint32_t slot = flow_table_least_useful(dissector->flows);

    if (dissector->slots[slot].open != NULL) {
        give_up_conversation(dissector, dissector->slots[slot].open);
    } else {
        dissector->counters.evicted_conversations++;
    }
    drop_path(dissector, slot);
    dissector->slots[slot].beginning = (struct beginning){.seen_ms = 0};
    flow_table_remove(dissector->flows, slot);
}

/* Ends what has been silent for too long. A few at a time bounds the work of one frame; clocks
 * that jump ahead end no more than that per frame either. */
static void expire(struct dissector *dissector, const struct age_list *list, int64_t now_ns)
{
    for (int i = 0; i < EXPIRIES_PER_FRAME; i++) {
        if (list->oldest == NULL || !age_list_is_overdue(list->oldest, now_ns)) {
            return;
        }
        give_up_conversation(dissector, oldest_of(list));
    }
}

/* ---- Segments ---- */

static uint32_t add_flow(struct dissector *dissector, const struct flow_key *key, int64_t time_ns)
{
    uint32_t slot = flow_table_add(dissector->flows, key, time_ns);

    if (slot == FLOW_NONE) {
        evict_flow(dissector);
        slot = flow_table_add(dissector->flows, key, time_ns);
    }
    dissector->counters.conversations++;
    return slot;
}

/* A SYN that cannot belong to the connection in the slot begins another one on the same ports. */
static bool begins_anew(const struct slot *slot, const struct segment *segment, unsigned direction)
{
    const struct path *path = slot->open != NULL ? &slot->open->conversation.path : slot->path;

    if ((segment->flags & (TCP_SYN | TCP_ACK)) != TCP_SYN) {
        return false;
    }
    if (slot->path != NULL && slot->path->syn_ns != PATH_NONE &&
        slot->path->syn_ack_ns == PATH_NONE) {
        return false; /* unanswered: sent once more, or by both sides (RFC 9293, 3.5) */
    }
    if (path != NULL && path->syn_ns != PATH_NONE && path->syn_sequence == segment->sequence) {
        return false;
    }
    return !beginning_has_syn(&slot->beginning, segment, direction);
}

static void add_to_path(struct dissector *dissector, uint32_t slot, const struct segment *segment,
                        unsigned direction)
{
    struct path *path = dissector->slots[slot].path;

    if (path == NULL) {
        path = pool_take(dissector->paths);
        if (path == NULL) {
            return; /* as if the SYN had not been seen */
        }
        path_init(path);
        dissector->slots[slot].path = path;
    }
    path_add(path, segment, direction);
}

static struct open_conversation *open_conversation(struct dissector *dissector, uint32_t slot,
                                                   int64_t now_ns)
{
    struct open_conversation *open = pool_take(dissector->conversations);
    const struct flow_key *key = flow_table_key(dissector->flows, slot);
    struct path unseen;

    if (open == NULL && oldest_open(dissector) != NULL) {
        give_up_conversation(dissector, oldest_open(dissector));
        open = pool_take(dissector->conversations);
    }
    if (open == NULL) {
        return NULL;
    }
    path_init(&unseen);
    const struct path *path = dissector->slots[slot].path;
    conversation_init(&open->conversation, &dissector->means, path != NULL ? path : &unseen, key);
    drop_path(dissector, slot);
    open->slot = slot;
    dissector->slots[slot].open = open;
    age_list_add(&dissector->active, &open->age, now_ns);
    flow_table_set_rank(dissector->flows, slot, FLOW_RANK_ACTIVE);
    return open;
}

static void note_beginning(struct slot *slot, int64_t now_ns)
{
    for (unsigned direction = 0; direction < 2; direction++) {
        const struct stream *stream = &slot->open->conversation.streams[direction];
        if (stream->has_start) {
            beginning_note(&slot->beginning, direction, stream->first);
        } else if (stream->has_peer_ack) {
            beginning_note(&slot->beginning, direction, stream->peer_ack);
        }
    }
    beginning_touch(&slot->beginning, now_ns);
}

static void feed_conversation(struct dissector *dissector, uint32_t slot,
                              const struct segment *segment, unsigned direction)
{
    struct open_conversation *open = dissector->slots[slot].open;

    if (open == NULL) {
        open = open_conversation(dissector, slot, segment->time_ns);
    }
    if (open == NULL) {
        flow_table_set_rank(dissector->flows, slot, FLOW_RANK_DONE);
        dissector->counters.evicted_handshakes++;
        return;
    }
    const enum conversation_state state =
        conversation_add(&open->conversation, &dissector->means, segment, direction);
    note_beginning(&dissector->slots[slot], segment->time_ns);
    if (state != CONVERSATION_OPEN) {
        close_conversation(dissector, open, state);
        return;
    }
    touch(dissector, open, segment->time_ns);
}

/* Only a SYN or a payload begins a conversation: bare acknowledgements teach nothing. */
static bool may_begin(const struct segment *segment)
{
    return (segment->flags & TCP_RST) == 0 &&
           ((segment->flags & TCP_SYN) != 0 || segment->payload_len > 0);
}

/* The clock may have jumped by more than the few conversations that one frame expires: none may
 * go on as if nothing had happened, or a handshake would seem to last for weeks. */
static void end_if_silent(struct dissector *dissector, uint32_t slot, int64_t now_ns)
{
    struct open_conversation *open = dissector->slots[slot].open;

    if (open != NULL && age_list_is_overdue(&open->age, now_ns)) {
        give_up_conversation(dissector, open);
    }
}

static void on_segment(struct dissector *dissector, const struct segment *segment)
{
    unsigned direction;
    const struct flow_key key = flow_key_of(segment, &direction);
    uint32_t slot = flow_table_find(dissector->flows, &key, segment->time_ns);
    bool is_new = false;

    if (slot == FLOW_NONE) {
        if (!may_begin(segment)) {
            return;
        }
        slot = add_flow(dissector, &key, segment->time_ns);
        is_new = true;
    } else {
        end_if_silent(dissector, slot, segment->time_ns);
    }
    if (!is_new && begins_anew(&dissector->slots[slot], segment, direction)) {
        reset_slot(dissector, slot, VERDICT_ENDING_CLOSED);
        flow_table_set_rank(dissector->flows, slot, FLOW_RANK_EMBRYONIC);
        dissector->counters.conversations++;
        is_new = true;
    }
    const struct slot *state = &dissector->slots[slot];
    if (state->open == NULL && state->path == NULL && !is_new) {
        return; /* done: one lookup, nothing more */
    }
    if (state->open == NULL && segment->payload_len == 0) {
        add_to_path(dissector, slot, segment, direction);
        return;
    }
    feed_conversation(dissector, slot, segment, direction);
}

void dissector_feed(struct dissector *dissector, const struct frame *frame)
{
    struct segment segment;
    const enum packet_result result = packet_parse(frame, &segment);

    dissector->counters.frames++;
    dissector->counters.bytes += frame->wire_len;
    dissector->counters.by_result[result]++;
    dissector_tick(dissector, frame->time_ns);
    if (result == PACKET_TCP) {
        on_segment(dissector, &segment);
    } else if (result == PACKET_UDP) {
        datagram_flows_feed(dissector->datagrams, &segment);
    }
}

void dissector_tick(struct dissector *dissector, int64_t now_ns)
{
    expire(dissector, &dissector->active, now_ns);
    expire(dissector, &dissector->reset, now_ns);
    datagram_flows_tick(dissector->datagrams, now_ns);
}

bool dissector_next(struct dissector *dissector, struct handshake *out)
{
    if (datagram_flows_next(dissector->datagrams, dissector->is_finishing, out)) {
        dissector->counters.by_verdict[out->verdict]++;
        return true;
    }
    while (!finished_pop(&dissector->finished, out)) {
        struct open_conversation *oldest = oldest_open(dissector);
        if (!dissector->is_finishing || oldest == NULL) {
            return false;
        }
        end_conversation(dissector, oldest, VERDICT_ENDING_CUT);
    }
    return true;
}

void dissector_finish(struct dissector *dissector)
{
    dissector->is_finishing = true;
}

const struct dissector_counters *dissector_counters(const struct dissector *dissector)
{
    return &dissector->counters;
}
