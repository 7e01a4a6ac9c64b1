#include "dissect/connections.h"

#include "dissect/aftermath.h"
#include "dissect/connection.h"
#include "dissect/net/flow_recent.h"
#include "dissect/tls/start.h"

#include <stdlib.h>

enum { EXPIRIES_PER_FRAME = 4 }; /* conversations ended by silence, looked for at each frame */

struct connections {
    struct flow_table *flows;
    struct flow_recent recent;
    const struct conversation_means *means;
    struct dissector_counters *counters;
    struct pool *openings; /* struct path_opening */
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
    connections->openings = pool_new(sizeof(struct path_opening), options->max_conversations);
    const bool has_open = open_conversations_init(&connections->open, options->max_handshakes,
                                                  options->idle_timeout_ns);
    if (connections->flows == NULL || connections->openings == NULL || !has_open) {
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
    pool_free(connections->openings);
    flow_table_free(connections->flows);
    free(connections);
}

/* ---- The end of a conversation ---- */

/* The conversation's record is filled, or there is none. For all but tickets what stays is its
 * past, so that what follows costs a lookup and no more. */
static void settle(struct connections *connections, struct open_conversation *open,
                   enum conversation_state state)
{
    connections->counters->not_tls += state == CONVERSATION_NOT_TLS;
    connections->counters->mid_stream_tls += state == CONVERSATION_MID_STREAM;
    connections->counters->not_reassembled_bytes += open->conversation.lost_bytes;
    past_keep(&open->past, &open->conversation);
    flow_set_rank(open->flow, FLOW_RANK_HELD);
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
    connection_set_past(open->flow, &open->past);
    open_conversations_remove(&connections->open, open);
}

/* The conversation of a flow whose handshake is under way, or NULL. */
static struct open_conversation *under_way(const struct flow *flow)
{
    return flow_rank(flow) == FLOW_RANK_ACTIVE ? connection_open(flow) : NULL;
}

/* The conversation says its last word; one that is held has said it. */
static void end_conversation(struct connections *connections, struct open_conversation *open,
                             enum verdict_ending ending)
{
    enum conversation_state state = CONVERSATION_HANDSHAKE;

    if (flow_rank(open->flow) == FLOW_RANK_ACTIVE) {
        state = conversation_end(&open->conversation, connections->means, ending);
        settle(connections, open, state);
    }
    let_go(connections, open, state);
}

static void give_up_conversation(struct connections *connections, struct open_conversation *open)
{
    if (flow_rank(open->flow) == FLOW_RANK_ACTIVE && !conversation_is_reset(&open->conversation)) {
        connections->counters->evicted_handshakes++;
    }
    end_conversation(connections, open, VERDICT_ENDING_EVICTED);
}

static void evict_flow(struct connections *connections)
{
    struct flow *flow = flow_table_least_useful(connections->flows);

    if (flow == NULL) {
        return;
    }
    connections->counters->evicted_conversations += under_way(flow) == NULL;
    if (connection_open(flow) != NULL) {
        give_up_conversation(connections, connection_open(flow));
    }
    connection_forget(flow, connections->openings);
    flow_table_remove(connections->flows, flow);
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

/* NULL only without memory. */
static struct flow *add_flow(struct connections *connections, uint64_t hash)
{
    struct flow *flow = flow_table_add(connections->flows, hash);

    if (flow == NULL) {
        evict_flow(connections);
        flow = flow_table_add(connections->flows, hash);
    }
    if (flow != NULL) {
        connections->counters->conversations++;
        flow_recent_note(&connections->recent, connections->flows, flow, hash);
    }
    return flow;
}

/* Makes a flow as good as new, for the next connection between the same endpoints. */
static void begin_anew(struct connections *connections, struct flow *flow)
{
    if (connection_open(flow) != NULL) {
        end_conversation(connections, connection_open(flow), VERDICT_ENDING_CLOSED);
    }
    connection_forget(flow, connections->openings);
    connections->counters->conversations++;
}

/* Opens a conversation for a flow that has none. NULL without memory: the connection is done. */
static struct open_conversation *open_conversation(struct connections *connections,
                                                   struct flow *flow, const struct segment *segment,
                                                   unsigned direction)
{
    struct open_conversations *all = &connections->open;
    const struct past past = connection_past(flow, segment->time_ns);
    struct open_conversation *open = open_conversations_add(all, flow, segment->time_ns);
    struct path before;

    if (open == NULL && open_conversations_oldest(all) != NULL) {
        give_up_conversation(connections, open_conversations_oldest(all));
        open = open_conversations_add(all, flow, segment->time_ns);
    }
    connection_path(flow, &past, &before);
    connection_forget(flow, connections->openings);
    if (open == NULL) {
        connection_set_past(flow, &past);
        return NULL;
    }
    open->past = past;
    conversation_init(&open->conversation, connections->means, &before, segment, direction);
    connection_set_open(flow, open, FLOW_RANK_ACTIVE);
    return open;
}

/* Its handshake is over: the record goes on its way, or waits for what tells of tickets. */
static void close_or_hold(struct connections *connections, struct open_conversation *open,
                          enum conversation_state state, const struct segment *segment,
                          unsigned direction)
{
    settle(connections, open, state);
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

static void feed_conversation(struct connections *connections, struct flow *flow,
                              const struct segment *segment, unsigned direction)
{
    struct open_conversation *open = connection_open(flow);

    if (open == NULL) {
        open = open_conversation(connections, flow, segment, direction);
    }
    if (open == NULL) {
        connections->counters->evicted_handshakes++;
        return;
    }
    const enum conversation_state state =
        conversation_add(&open->conversation, connections->means, segment, direction);
    past_note(&open->past, &open->conversation);
    if (state != CONVERSATION_OPEN) {
        close_or_hold(connections, open, state, segment, direction);
        return;
    }
    open_conversations_touch(&connections->open, open, segment->time_ns);
}

/* ---- Further handshakes on a connection ---- */

/* All that is asked of a segment whose connection is over. */
static bool begins_nothing(const struct prepared *prepared)
{
    return (prepared->flags & TCP_SYN) == 0 && prepared->first != RECORD_HANDSHAKE;
}

/* Bytes that wait before a hello are read. */
static void read_before(struct connections *connections, struct flow *flow, unsigned direction)
{
    struct open_conversation *open = under_way(flow);

    if (open == NULL) {
        return;
    }
    const enum conversation_state state =
        conversation_expect_hello(&open->conversation, connections->means, direction);
    if (state != CONVERSATION_OPEN) {
        settle(connections, open, state);
        let_go(connections, open, state);
    }
}

/* What was open is settled as it stands. False: these bytes belong to what is open, or were read.
 */
static bool end_before(struct connections *connections, struct flow *flow,
                       const struct segment *segment, unsigned direction, struct bytes random)
{
    read_before(connections, flow, direction);
    const struct open_conversation *open = under_way(flow);
    const struct past past = connection_past(flow, segment->time_ns);
    if (open != NULL ? !conversation_is_followed(&open->conversation, segment, direction, random)
                     : connection_is_opening(flow) ||
                           beginning_has_read(&past.beginning, segment, direction)) {
        return false;
    }
    if (connection_open(flow) != NULL) {
        end_conversation(connections, connection_open(flow), VERDICT_ENDING_OPEN);
    }
    return true;
}

/* A segment that begins with another ClientHello in clear opens another conversation. */
static void follow(struct connections *connections, struct flow *flow,
                   const struct segment *segment, unsigned direction)
{
    struct hello_start hello;

    if ((segment->flags & (TCP_SYN | TCP_RST)) != 0 ||
        !start_is_client_hello(segment->payload, &hello) ||
        !end_before(connections, flow, segment, direction, hello.random)) {
        return;
    }
    struct open_conversation *open = open_conversation(connections, flow, segment, direction);
    if (open != NULL) {
        conversation_follow(&open->conversation, (enum carrier)open->past.carrier, hello.mac_len);
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
static void end_if_silent(struct connections *connections, const struct flow *flow, int64_t now_ns)
{
    struct open_conversation *open = connection_open(flow);

    if (open != NULL && open_conversations_is_overdue(&connections->open, open, now_ns)) {
        give_up_conversation(connections, open);
    }
}

void connections_expect(struct connections *connections, struct prepared *prepared, size_t count)
{
    flow_recent_expect(&connections->recent, connections->flows, prepared, count);
}

void connections_expect_open(const struct connections *connections, struct prepared *prepared)
{
    const struct flow *flow = flow_table_expected(connections->flows, prepared->hint);

    if (flow_has_hash(flow, prepared->hash)) {
        connection_expect(flow, prepared_is_bare(prepared));
    } else {
        prepared->hint =
            flow_table_expect_again(connections->flows, prepared->hash, prepared->hint);
    }
}

/* The segment goes to what its flow has. */
static void feed_flow(struct connections *connections, struct flow *flow,
                      const struct segment *segment, unsigned direction)
{
    switch (flow_rank(flow)) {
    case FLOW_RANK_NONE:
    case FLOW_RANK_DONE:
        return;
    case FLOW_RANK_HELD:
        hear(connections, connection_open(flow), segment, direction);
        return;
    case FLOW_RANK_EMBRYONIC:
    case FLOW_RANK_TRACKED:
        if (segment->payload_len == 0) {
            connection_add_opening(flow, connections->openings, segment, direction);
            return;
        }
        feed_conversation(connections, flow, segment, direction);
        return;
    case FLOW_RANK_ACTIVE:
        feed_conversation(connections, flow, segment, direction);
        return;
    }
}

static NOINLINE void feed_new(struct connections *connections, const struct prepared *prepared)
{
    const struct segment *segment = &prepared->segment;
    struct flow *flow = may_begin(segment) ? add_flow(connections, prepared->hash) : NULL;

    if (flow != NULL) {
        feed_flow(connections, flow, segment, prepared->direction);
    }
}

static NOINLINE void feed_known(struct connections *connections, struct flow *flow,
                                const struct prepared *prepared)
{
    const struct segment *segment = &prepared->segment;
    const unsigned direction = prepared->direction;

    end_if_silent(connections, flow, segment->time_ns);
    if (connection_begins_anew(flow, segment, direction)) {
        begin_anew(connections, flow);
    } else if (prepared->first == RECORD_HANDSHAKE) {
        follow(connections, flow, segment, direction);
    }
    feed_flow(connections, flow, segment, direction);
}

/* A connection that is done costs one lookup and a look at its flags and first byte. */
void connections_feed(struct connections *connections, struct prepared *prepared,
                      const struct frame *frame)
{
    struct flow *flow = flow_recent_find(&connections->recent, connections->flows, prepared);

    if (flow != NULL && flow_rank(flow) == FLOW_RANK_DONE && begins_nothing(prepared)) {
        flow_touch(flow);
        return;
    }
    (void)prepared_segment(prepared, frame);
    if (flow == NULL) {
        feed_new(connections, prepared);
    } else {
        feed_known(connections, flow, prepared);
    }
}

size_t connections_pass(struct connections *connections, const struct frame *frames,
                        const struct prepared *prepared, size_t count, uint64_t *bytes)
{
    struct open_conversations *const open = &connections->open;
    const int64_t until_ns = open_conversations_usual_until(open);
    int64_t latest_ns = open->latest_ns;
    uint64_t sum = 0;
    size_t i;

    for (i = 0; i < count; i++) {
        const struct flow *flow = flow_table_expected(connections->flows, prepared[i].hint);
        const int64_t now_ns = frames[i].time_ns;
        if (prepared[i].result != PACKET_TCP ||
            flow_state(flow, prepared[i].hash) != (FLOW_RANK_DONE | FLOW_IS_RECENT) ||
            !begins_nothing(&prepared[i]) || now_ns < latest_ns || now_ns >= until_ns) {
            break;
        }
        latest_ns = now_ns;
        sum += frames[i].wire_len;
    }
    open->latest_ns = latest_ns;
    *bytes += sum;
    return i;
}

static NOINLINE void expire_all(struct connections *connections, int64_t now_ns)
{
    expire(connections, &connections->open.active, now_ns);
    expire(connections, &connections->open.reset, now_ns);
    expire(connections, &connections->open.held, now_ns);
}

void connections_tick(struct connections *connections, int64_t now_ns)
{
    if (open_conversations_tick(&connections->open, now_ns)) {
        expire_all(connections, now_ns);
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
