#include "dissect/connection.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

/* Zero-initialised: no SYN was seen. */
struct embryo {
    int64_t syn_ns;
    uint32_t syn_sequence;
    uint8_t initiator;
    bool has_syn;
    bool is_repeated;
};

static_assert(sizeof(struct embryo) <= FLOW_ROOM_BYTES, "a SYN fits in a cell");
static_assert(sizeof(struct past_packed) <= FLOW_ROOM_BYTES, "a past fits in a cell");

/* Of HELD and ACTIVE, and of TRACKED. */
struct link_to_open {
    struct open_conversation *conversation;
};

struct link_to_opening {
    struct path_opening *opening;
    bool is_complete; /* its three segments were seen */
};

static void put(struct flow *flow, const void *data, size_t bytes)
{
    memset(flow->room, 0, sizeof(flow->room));
    memcpy(flow->room, data, bytes);
}

/* ---- What is open ---- */

struct open_conversation *connection_open(const struct flow *flow)
{
    struct link_to_open link;

    if (flow_rank(flow) < FLOW_RANK_HELD) {
        return NULL;
    }
    memcpy(&link, flow->room, sizeof(link));
    return link.conversation;
}

void connection_set_open(struct flow *flow, struct open_conversation *open, enum flow_rank rank)
{
    const struct link_to_open link = {open};

    put(flow, &link, sizeof(link));
    flow_set_rank(flow, rank);
}

/* ---- How it began ---- */

static struct link_to_opening link_of(const struct flow *flow)
{
    struct link_to_opening link;

    memcpy(&link, flow->room, sizeof(link));
    return link;
}

static struct path_opening *block_of(const struct flow *flow)
{
    return link_of(flow).opening;
}

/* A connection of which all is known that its opening can tell, and a segment that is but another
 * acknowledgement: nearly all segments of connections on which nobody says anything. */
static bool is_nothing_new(const struct link_to_opening *link, bool is_bare)
{
    return link->is_complete && is_bare;
}

static void unpack_embryo(const struct flow *flow, struct path_opening *out)
{
    struct embryo embryo;

    memcpy(&embryo, flow->room, sizeof(embryo));
    path_opening_init(out);
    if (embryo.has_syn) {
        out->syn_ns = embryo.syn_ns;
        out->syn_sequence = embryo.syn_sequence;
        out->initiator = embryo.initiator;
        out->has_initiator = true;
        out->syn_repeated = embryo.is_repeated;
    }
}

struct path_opening connection_opening(const struct flow *flow)
{
    struct path_opening opening;

    if (flow_rank(flow) == FLOW_RANK_TRACKED) {
        return *block_of(flow);
    }
    unpack_embryo(flow, &opening);
    return opening;
}

static bool is_syn_alone(const struct path_opening *opening)
{
    return opening->syn_ack_ns == PATH_NONE && opening->other_syn_ns == PATH_NONE &&
           opening->syn_payload_len == 0;
}

static void put_embryo(struct flow *flow, const struct path_opening *opening)
{
    const bool has_syn = opening->syn_ns != PATH_NONE;
    const struct embryo embryo = {
        .syn_ns = has_syn ? opening->syn_ns : 0,
        .syn_sequence = opening->syn_sequence,
        .initiator = opening->initiator,
        .has_syn = has_syn,
        .is_repeated = opening->syn_repeated,
    };

    put(flow, &embryo, sizeof(embryo));
}

/* What was answered is not the first to go. */
static void track(struct flow *flow, struct path_opening *opening)
{
    const struct link_to_opening link = {opening, opening->ack_ns != PATH_NONE};

    put(flow, &link, sizeof(link));
    flow_set_rank(flow, FLOW_RANK_TRACKED);
    flow_touch(flow);
}

static void add_to_embryo(struct flow *flow, struct pool *openings, const struct segment *segment,
                          unsigned direction)
{
    struct path_opening opening;

    unpack_embryo(flow, &opening);
    path_opening_add(&opening, segment, direction);
    if (is_syn_alone(&opening)) {
        put_embryo(flow, &opening);
        return;
    }
    struct path_opening *block = pool_take(openings);
    if (block != NULL) {
        *block = opening;
        track(flow, block);
    }
}

/* The answer to a SYN: what will need a block is put together in it. Copied from elsewhere it would
 * have to wait until all that was written just before has reached the cache. */
static void add_answer(struct flow *flow, struct pool *openings, const struct segment *segment,
                       unsigned direction)
{
    struct path_opening *block = pool_take(openings);

    if (block == NULL) {
        return;
    }
    unpack_embryo(flow, block);
    path_opening_add(block, segment, direction);
    if (is_syn_alone(block)) {
        put_embryo(flow, block);
        pool_give(openings, block);
    } else {
        track(flow, block);
    }
}

static void add_to_block(struct flow *flow, const struct segment *segment, unsigned direction)
{
    struct link_to_opening link = link_of(flow);

    if (is_nothing_new(&link, segment->payload_len == 0 && (segment->flags & TCP_SYN) == 0)) {
        return;
    }
    path_opening_add(link.opening, segment, direction);
    if (link.opening->ack_ns != PATH_NONE) {
        link.is_complete = true;
        memcpy(flow->room, &link, sizeof(link));
    }
}

void connection_add_opening(struct flow *flow, struct pool *openings, const struct segment *segment,
                            unsigned direction)
{
    if (flow_rank(flow) == FLOW_RANK_TRACKED) {
        add_to_block(flow, segment, direction);
        return;
    }
    if ((segment->flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK)) {
        add_answer(flow, openings, segment, direction);
    } else {
        add_to_embryo(flow, openings, segment, direction);
    }
}

void connection_forget(struct flow *flow, struct pool *openings)
{
    assert(connection_open(flow) == NULL);
    if (flow_rank(flow) == FLOW_RANK_TRACKED) {
        pool_give(openings, block_of(flow));
    }
    memset(flow->room, 0, sizeof(flow->room));
    flow_set_rank(flow, FLOW_RANK_EMBRYONIC);
}

/* ---- What will be needed ---- */

/* A conversation lies in some fifty lines; those of its first part are needed for each segment. */
static void expect_open(const struct open_conversation *open)
{
    enum { LINE_BYTES = 64 };
    const size_t folds_end = offsetof(struct open_conversation, conversation.exchange.handshake);

    for (size_t at = 0; at < folds_end; at += LINE_BYTES) {
        __builtin_prefetch((const uint8_t *)open + at);
    }
}

void connection_expect(const struct flow *flow, bool is_bare)
{
    if (flow_rank(flow) >= FLOW_RANK_HELD) {
        expect_open(connection_open(flow));
    } else if (flow_rank(flow) == FLOW_RANK_TRACKED) {
        const struct link_to_opening link = link_of(flow);
        if (!is_nothing_new(&link, is_bare)) {
            __builtin_prefetch(link.opening);
        }
    }
}

/* ---- What stays ---- */

struct past connection_past(const struct flow *flow, int64_t now_ns)
{
    const struct open_conversation *open = connection_open(flow);
    struct past_packed packed;

    if (open != NULL) {
        return open->past;
    }
    if (flow_rank(flow) != FLOW_RANK_DONE) {
        return (struct past){.carrier = CARRIER_NONE};
    }
    memcpy(&packed, flow->room, sizeof(packed));
    return past_unpack(&packed, now_ns);
}

void connection_set_past(struct flow *flow, const struct past *past)
{
    const struct past_packed packed = past_pack(past);

    put(flow, &packed, sizeof(packed));
    flow_set_rank(flow, FLOW_RANK_DONE);
    flow_touch(flow);
}

/* ---- What a segment makes of it ---- */

static bool has_syn(const struct path_opening *opening, const struct segment *segment)
{
    return opening->syn_ns != PATH_NONE && opening->syn_sequence == segment->sequence;
}

bool connection_begins_anew(const struct flow *flow, const struct segment *segment,
                            unsigned direction)
{
    const struct open_conversation *open =
        flow_rank(flow) == FLOW_RANK_ACTIVE ? connection_open(flow) : NULL;

    if ((segment->flags & (TCP_SYN | TCP_ACK)) != TCP_SYN) {
        return false;
    }
    if (connection_is_opening(flow)) {
        const struct path_opening opening = connection_opening(flow);
        const bool is_unanswered = opening.syn_ns != PATH_NONE && opening.syn_ack_ns == PATH_NONE;
        /* unanswered: sent once more, or by both sides (RFC 9293, 3.5) */
        return !is_unanswered && !has_syn(&opening, segment);
    }
    if (open != NULL && has_syn(&open->conversation.path.opening, segment)) {
        return false;
    }
    const struct past past = connection_past(flow, segment->time_ns);
    return !beginning_has_syn(&past.beginning, segment, direction);
}

void connection_path(const struct flow *flow, const struct past *past, struct path *out)
{
    if (connection_is_opening(flow)) {
        const struct path_opening opening = connection_opening(flow);
        path_init_opened(out, &opening);
    } else {
        past_path(past, out);
    }
}
