#include "dissect/connections.h"

#include "dissect/aftermath.h"
#include "dissect/open_conversations.h"
#include "dissect/past.h"
#include "dissect/tls/start.h"

#include <stdlib.h>

enum { EXPIRIES_PER_FRAME = 4 }; /* conversations ended by silence, looked for at each frame */

/* What lies in a slot of the flow table: at most one of the two, none once it is over. */
struct slot {
    struct path *path; /* a SYN was seen, no payload yet */
    struct open_conversation *open;
};

struct connections {
    const struct conversation_means *means;
    struct dissector_counters *counters;
    struct flow_table *flows;
    struct slot *slots;
    struct past *pasts; /* by slot */
    struct pool *paths;
    struct open_conversations open;
    struct finished *finished;
};

struct connections *connections_new(const struct dissector_options *options,
                                    const struct conversation_means *means,
                                    struct dissector_counters *counters, struct finished *finished)
{
    struct connections *connections = calloc(1, sizeof(*connections));

    if (connections == NULL) {
        return NULL;
    }
    connections->means = means;
    connections->counters = counters;
    connections->finished = finished;
    connections->flows = flow_table_new(options->max_conversations);
    connections->slots = calloc(options->max_conversations, sizeof(*connections->slots));
    connections->pasts = calloc(options->max_conversations, sizeof(*connections->pasts));
    connections->paths = pool_new(sizeof(struct path), options->max_conversations);
    const bool has_open = open_conversations_init(&connections->open, options->max_handshakes,
                                                  options->idle_timeout_ns);
    if (connections->flows == NULL || connections->slots == NULL || connections->pasts == NULL ||
        connections->paths == NULL || !has_open) {
        connections_free(connections);
        return NULL;
    }
    return connections;
}

void connections_free(struct connections *connections)
{
    if (connections == NULL) {
        return;
    }
    open_conversations_clear(&connections->open);
    pool_free(connections->paths);
    free(connections->pasts);
    free(connections->slots);
    flow_table_free(connections->flows);
    free(connections);
}

/* ---- The end of a conversation ---- */

/* The conversation's record is filled, or there is none. For all but tickets what stays is an entry
 * in the flow table, so that what follows costs a lookup and no more. */
static void settle_slot(struct connections *connections, struct open_conversation *open,
                        enum conversation_state state)
{
    connections->counters->not_tls += state == CONVERSATION_NOT_TLS;
    connections->counters->mid_stream_tls += state == CONVERSATION_MID_STREAM;
    connections->counters->not_reassembled_bytes += open->conversation.lost_bytes;
    past_keep(&connections->pasts[open->slot], &open->conversation);
    flow_table_set_rank(connections->flows, open->slot, FLOW_RANK_DONE);
}

/* The record goes on its way, where there is one. */
static void let_go(struct connections *connections, struct open_conversation *open,
                   enum conversation_state state)
{
    if (state == CONVERSATION_HANDSHAKE) {
        aftermath_settle(&open->conversation,
                         open_conversations_is_waited_out(&connections->open, open));
        finished_push(connections->finished, &open->conversation.exchange.handshake);
    }
    conversation_clear(&open->conversation, connections->means);
    connections->slots[open->slot].open = NULL;
    open_conversations_remove(&connections->open, open);
}

static bool is_held(const struct connections *connections, const struct open_conversation *open)
{
    return open_conversations_is_held(&connections->open, open);
}

/* The conversation in a slot whose handshake is under way, or NULL. */
static struct open_conversation *under_way(const struct connections *connections, uint32_t slot)
{
    struct open_conversation *open = connections->slots[slot].open;

    return open != NULL && !is_held(connections, open) ? open : NULL;
}

/* The conversation says its last word; one that is held has said it. */
static void end_conversation(struct connections *connections, struct open_conversation *open,
                             enum verdict_ending ending)
{
    enum conversation_state state = CONVERSATION_HANDSHAKE;

    if (!is_held(connections, open)) {
        state = conversation_end(&open->conversation, connections->means, ending);
        settle_slot(connections, open, state);
    }
    let_go(connections, open, state);
}

static void give_up_conversation(struct connections *connections, struct open_conversation *open)
{
    if (!is_held(connections, open) && !conversation_is_reset(&open->conversation)) {
        connections->counters->evicted_handshakes++;
    }
    end_conversation(connections, open, VERDICT_ENDING_EVICTED);
}

static void drop_path(struct connections *connections, uint32_t slot)
{
    if (connections->slots[slot].path != NULL) {
        pool_give(connections->paths, connections->slots[slot].path);
        connections->slots[slot].path = NULL;
    }
}

static void forget(struct connections *connections, uint32_t slot)
{
    drop_path(connections, slot);
    connections->pasts[slot] = (struct past){.carrier = CARRIER_NONE};
}

/* Makes a slot as good as new, for the next connection between the same endpoints. */
static void reset_slot(struct connections *connections, uint32_t slot, enum verdict_ending ending)
{
    if (connections->slots[slot].open != NULL) {
        end_conversation(connections, connections->slots[slot].open, ending);
    }
    forget(connections, slot);
}

static void evict_flow(struct connections *connections)
{
    const uint32_t slot = flow_table_least_useful(connections->flows);

    if (under_way(connections, slot) == NULL) {
        connections->counters->evicted_conversations++;
    }
    if (connections->slots[slot].open != NULL) {
        give_up_conversation(connections, connections->slots[slot].open);
    }
    forget(connections, slot);
    flow_table_remove(connections->flows, slot);
}

/* Ends what has been silent, or held, for too long. A few at a time bounds the work of one frame;
 * clocks that jump ahead end no more than that per frame either. */
static void expire(struct connections *connections, const struct age_list *list, int64_t now_ns)
{
    struct open_conversation *oldest;

    for (int i = 0; i < EXPIRIES_PER_FRAME; i++) {
        oldest = open_conversations_first_overdue(&connections->open, list, now_ns);
        if (oldest == NULL) {
            return;
        }
        give_up_conversation(connections, oldest);
    }
}

/* ---- Segments ---- */

static uint32_t add_flow(struct connections *connections, const struct prepared *prepared)
{
    const int64_t time_ns = prepared->segment.time_ns;
    uint32_t slot = flow_table_add(connections->flows, &prepared->key, prepared->hash, time_ns);

    if (slot == FLOW_NONE) {
        evict_flow(connections);
        slot = flow_table_add(connections->flows, &prepared->key, prepared->hash, time_ns);
    }
    connections->counters->conversations++;
    return slot;
}

/* A SYN that cannot belong to the connection in the slot begins another one on the same ports. */
static bool begins_anew(const struct connections *connections, uint32_t at,
                        const struct segment *segment, unsigned direction)
{
    const struct slot *slot = &connections->slots[at];
    const struct open_conversation *open = under_way(connections, at);
    const struct path *path = open != NULL ? &open->conversation.path : slot->path;

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
    return !beginning_has_syn(&connections->pasts[at].beginning, segment, direction);
}

static void add_to_path(struct connections *connections, uint32_t slot,
                        const struct segment *segment, unsigned direction)
{
    struct path *path = connections->slots[slot].path;

    if (path == NULL) {
        path = pool_take(connections->paths);
        if (path == NULL) {
            return; /* as if the SYN had not been seen */
        }
        path_init(path);
        connections->slots[slot].path = path;
    }
    path_add(path, segment, direction);
}

static struct open_conversation *open_conversation(struct connections *connections, uint32_t slot,
                                                   int64_t now_ns)
{
    struct open_conversations *all = &connections->open;
    struct open_conversation *open = open_conversations_add(all, slot, now_ns);
    const struct flow_key *key = flow_table_key(connections->flows, slot);
    struct path before;

    if (open == NULL && open_conversations_oldest(all) != NULL) {
        give_up_conversation(connections, open_conversations_oldest(all));
        open = open_conversations_add(all, slot, now_ns);
    }
    if (open == NULL) {
        return NULL;
    }
    const struct path *path = connections->slots[slot].path;
    past_path(&connections->pasts[slot], &before);
    conversation_init(&open->conversation, connections->means, path != NULL ? path : &before, key);
    drop_path(connections, slot);
    connections->slots[slot].open = open;
    flow_table_set_rank(connections->flows, slot, FLOW_RANK_ACTIVE);
    return open;
}

/* Its handshake is over: the record goes on its way, or waits for what tells of tickets. */
static void close_or_hold(struct connections *connections, struct open_conversation *open,
                          enum conversation_state state, const struct segment *segment,
                          unsigned direction)
{
    settle_slot(connections, open, state);
    if (state == CONVERSATION_HANDSHAKE &&
        aftermath_begin(&open->conversation, connections->means, direction)) {
        open_conversations_hold(&connections->open, open, segment->time_ns);
    } else {
        let_go(connections, open, state);
    }
}

static void hear(struct connections *connections, struct open_conversation *held,
                 const struct segment *segment, unsigned direction)
{
    if (!aftermath_add(&held->conversation, connections->means, segment, direction)) {
        let_go(connections, held, CONVERSATION_HANDSHAKE);
    }
}

static void feed_conversation(struct connections *connections, uint32_t slot,
                              const struct segment *segment, unsigned direction)
{
    struct open_conversation *open = connections->slots[slot].open;

    if (open == NULL) {
        open = open_conversation(connections, slot, segment->time_ns);
    }
    if (open == NULL) {
        flow_table_set_rank(connections->flows, slot, FLOW_RANK_DONE);
        connections->counters->evicted_handshakes++;
        return;
    }
    const enum conversation_state state =
        conversation_add(&open->conversation, connections->means, segment, direction);
    past_note(&connections->pasts[slot], &open->conversation);
    if (state != CONVERSATION_OPEN) {
        close_or_hold(connections, open, state, segment, direction);
        return;
    }
    open_conversations_touch(&connections->open, open, segment->time_ns);
}

/* ---- Further handshakes on a connection ---- */

/* The one thing that is asked of each segment of a connection whose handshake is over. */
static bool begins_with_handshake_record(const struct segment *segment)
{
    uint8_t first;

    return bytes_peek_u8(&segment->payload, 0, &first) && first == RECORD_HANDSHAKE;
}

/* Bytes that wait before a hello are read. */
static void read_before(struct connections *connections, uint32_t slot, unsigned direction)
{
    struct open_conversation *open = under_way(connections, slot);

    if (open == NULL) {
        return;
    }
    const enum conversation_state state =
        conversation_expect_hello(&open->conversation, connections->means, direction);
    if (state != CONVERSATION_OPEN) {
        settle_slot(connections, open, state);
        let_go(connections, open, state);
    }
}

/* What was open is settled as it stands. False: these bytes belong to what is open, or were read.
 */
static bool end_before(struct connections *connections, uint32_t slot,
                       const struct segment *segment, unsigned direction, struct bytes random)
{
    const struct slot *state = &connections->slots[slot];

    read_before(connections, slot, direction);
    const struct open_conversation *open = under_way(connections, slot);
    if (open != NULL
            ? !conversation_is_followed(&open->conversation, segment, direction, random)
            : state->path != NULL ||
                  beginning_has_read(&connections->pasts[slot].beginning, segment, direction)) {
        return false;
    }
    if (state->open != NULL) {
        end_conversation(connections, state->open, VERDICT_ENDING_OPEN);
    }
    return true;
}

/* A segment that begins with another ClientHello in clear opens another conversation. */
static void follow(struct connections *connections, uint32_t slot, const struct segment *segment,
                   unsigned direction)
{
    struct hello_start hello;

    if ((segment->flags & (TCP_SYN | TCP_RST)) != 0 ||
        !start_is_client_hello(segment->payload, &hello) ||
        !end_before(connections, slot, segment, direction, hello.random)) {
        return;
    }
    struct open_conversation *open = open_conversation(connections, slot, segment->time_ns);
    if (open != NULL) {
        conversation_follow(&open->conversation, (enum carrier)connections->pasts[slot].carrier,
                            hello.mac_len);
    }
}

/* Only a SYN or a payload begins a conversation: bare acknowledgements teach nothing. */
static bool may_begin(const struct segment *segment)
{
    return (segment->flags & TCP_RST) == 0 &&
           ((segment->flags & TCP_SYN) != 0 || segment->payload_len > 0);
}

/* The clock may have jumped by more than the few conversations that one frame expires: none may
 * go on as if nothing had happened, or a handshake would seem to last for weeks. */
static void end_if_silent(struct connections *connections, uint32_t slot, int64_t now_ns)
{
    struct open_conversation *open = connections->slots[slot].open;

    if (open != NULL && open_conversations_is_overdue(&connections->open, open, now_ns)) {
        give_up_conversation(connections, open);
    }
}

void connections_expect(const struct connections *connections, const struct prepared *prepared)
{
    flow_table_expect(connections->flows, prepared->hash);
}

void connections_feed(struct connections *connections, const struct prepared *prepared)
{
    const struct segment *segment = &prepared->segment;
    const unsigned direction = prepared->direction;
    uint32_t slot =
        flow_table_find(connections->flows, &prepared->key, prepared->hash, segment->time_ns);
    bool is_new = slot == FLOW_NONE;

    if (is_new) {
        if (!may_begin(segment)) {
            return;
        }
        slot = add_flow(connections, prepared);
    } else {
        end_if_silent(connections, slot, segment->time_ns);
    }
    if (!is_new && begins_anew(connections, slot, segment, direction)) {
        reset_slot(connections, slot, VERDICT_ENDING_CLOSED);
        flow_table_set_rank(connections->flows, slot, FLOW_RANK_EMBRYONIC);
        connections->counters->conversations++;
        is_new = true;
    }
    if (!is_new && begins_with_handshake_record(segment)) {
        follow(connections, slot, segment, direction);
    }
    const struct slot *state = &connections->slots[slot];
    if (state->open == NULL && state->path == NULL && !is_new) {
        return; /* done: one lookup and a look at one byte, nothing more */
    }
    if (state->open != NULL && is_held(connections, state->open)) {
        hear(connections, state->open, segment, direction);
        return;
    }
    if (state->open == NULL && segment->payload_len == 0) {
        add_to_path(connections, slot, segment, direction);
        return;
    }
    feed_conversation(connections, slot, segment, direction);
}

void connections_tick(struct connections *connections, int64_t now_ns)
{
    if (open_conversations_tick(&connections->open, now_ns)) {
        expire(connections, &connections->open.active, now_ns);
        expire(connections, &connections->open.reset, now_ns);
        expire(connections, &connections->open.held, now_ns);
    }
}

bool connections_end_one(struct connections *connections)
{
    struct open_conversation *oldest = open_conversations_oldest(&connections->open);

    if (oldest == NULL) {
        return false;
    }
    end_conversation(connections, oldest, VERDICT_ENDING_CUT);
    return true;
}
