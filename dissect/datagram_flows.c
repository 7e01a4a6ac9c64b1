#include "dissect/datagram_flows.h"

#include "dissect/age_list.h"
#include "dissect/net/flow_table.h"

#include "base/pool.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define CAPWAP_DTLS_HEADER UINT32_C(0x01000000)

enum { EXPIRIES_PER_FRAME = 4 }; /* flows ended by silence, looked for at each frame */

struct open_flow {
    struct age_link age; /* first: what the age list knows of it */
    struct flow *flow;
    struct datagrams datagrams;
};

/* What lies in the room of a flow. */
struct contents_of_flow {
    struct open_flow *open; /* NULL: over */
    uint64_t hello;         /* mark of what was open; 0: its ClientHello was not seen */
};

static_assert(sizeof(struct contents_of_flow) <= FLOW_ROOM_BYTES, "it fits into the room");

struct datagram_flows {
    struct datagram_flows_options options;
    struct flow_table *table;
    struct pool *open_flows;
    struct age_list active;
    bool has_turned; /* the latest flow that was closed has */
};

static struct contents_of_flow contents_of(const struct flow *flow)
{
    struct contents_of_flow contents;

    memcpy(&contents, flow->room, sizeof(contents));
    return contents;
}

static void set_contents(struct flow *flow, struct open_flow *open, uint64_t hello)
{
    const struct contents_of_flow contents = {open, hello};

    memcpy(flow->room, &contents, sizeof(contents));
    flow_set_rank(flow, open != NULL ? FLOW_RANK_ACTIVE : FLOW_RANK_DONE);
    flow_touch(flow);
}

struct datagram_flows *datagram_flows_new(const struct datagram_flows_options *options)
{
    struct datagram_flows *flows = calloc(1, sizeof(*flows));

    if (flows == NULL) {
        return NULL;
    }
    flows->options = *options;
    flows->active.timeout_ns = options->idle_timeout_ns;
    flows->table = flow_table_new(options->max_flows);
    flows->open_flows = pool_new(sizeof(struct open_flow), options->max_flows);
    if (flows->table == NULL || flows->open_flows == NULL) {
        datagram_flows_free(flows);
        return NULL;
    }
    return flows;
}

void datagram_flows_free(struct datagram_flows *flows)
{
    if (flows == NULL) {
        return;
    }
    pool_free(flows->open_flows);
    flow_table_free(flows->table);
    free(flows);
}

/* A ClientHello seen again has the random, of which 28 bytes are random (RFC 5246, 7.4.1.2), and
 * the sender; one that the other side sends back is its own. */
static uint64_t mark_of(struct bytes random, unsigned direction)
{
    uint64_t mark = 0;

    if (random.len != HELLO_RANDOM_BYTES) {
        return 0;
    }
    memcpy(&mark, random.data + HELLO_RANDOM_BYTES - sizeof(mark), sizeof(mark));
    return mark ^ (direction + 1);
}

/* What stays is an entry in the table, so that a hello sent again begins nothing. */
static void close_flow(struct datagram_flows *flows, struct open_flow *open,
                       enum conversation_state state)
{
    const unsigned client = open->datagrams.exchange.client;
    const uint64_t mark = mark_of(datagrams_random(&open->datagrams), client);

    if (state == CONVERSATION_HANDSHAKE) {
        finished_push(flows->options.finished, &open->datagrams.exchange.handshake);
    }
    datagrams_clear(&open->datagrams, flows->options.pools);
    age_list_remove(&open->age);
    set_contents(open->flow, NULL, mark);
    pool_give(flows->open_flows, open);
}

static void end_flow(struct datagram_flows *flows, struct open_flow *open,
                     enum verdict_ending ending)
{
    const struct datagram_flows_options *options = &flows->options;

    *options->evicted += ending == VERDICT_ENDING_EVICTED;
    close_flow(flows, open,
               datagrams_end(&open->datagrams, options->pools, options->session_hash, ending));
}

/* NULL only without memory. */
static struct flow *add_flow(struct datagram_flows *flows, uint64_t hash)
{
    struct flow *flow = flow_table_add(flows->table, hash);

    if (flow != NULL) {
        return flow;
    }
    flow = flow_table_least_useful(flows->table);
    if (flow == NULL) {
        return NULL;
    }
    if (contents_of(flow).open != NULL) {
        end_flow(flows, contents_of(flow).open, VERDICT_ENDING_EVICTED);
    }
    flow_table_remove(flows->table, flow);
    return flow_table_add(flows->table, hash);
}

/* As many can be open as there are slots: only the system can run out of memory. */
static struct open_flow *open_flow(struct datagram_flows *flows, struct flow *flow,
                                   const struct segment *segment, unsigned direction)
{
    struct open_flow *open = flow != NULL ? pool_take(flows->open_flows) : NULL;

    if (open == NULL) {
        (*flows->options.evicted)++;
        return NULL;
    }
    datagrams_init(&open->datagrams, segment, direction);
    open->flow = flow;
    set_contents(flow, open, 0);
    age_list_add(&flows->active, &open->age, segment->time_ns);
    (*flows->options.begun)++;
    return open;
}

/* False when the datagram ended the flow and begins another one on the same ports. */
static bool feed_flow(struct datagram_flows *flows, struct open_flow *open,
                      const struct segment *segment, unsigned direction)
{
    const struct datagram_flows_options *options = &flows->options;
    const enum conversation_state state =
        datagrams_add(&open->datagrams, options->pools, options->session_hash, segment, direction);
    const bool has_restarted = datagrams_has_restarted(&open->datagrams);

    flows->has_turned = open->datagrams.has_turned;
    if (state != CONVERSATION_OPEN) {
        close_flow(flows, open, state);
        return !has_restarted;
    }
    age_list_touch(&flows->active, &open->age, segment->time_ns);
    return true;
}

/* Ends what is open in the slot if the datagram cannot belong to it. */
static void end_if_over(struct datagram_flows *flows, const struct flow *flow,
                        const struct segment *segment)
{
    struct open_flow *open = contents_of(flow).open;

    if (open == NULL) {
        return;
    }
    if (age_list_is_overdue(&open->age, segment->time_ns)) {
        end_flow(flows, open, VERDICT_ENDING_EVICTED);
    } else if (datagrams_is_followed(&open->datagrams, segment)) {
        end_flow(flows, open, VERDICT_ENDING_CLOSED);
    }
}

/* Opens the flow of a slot that had one before, if the datagram begins another handshake. */
static struct open_flow *follow_flow(struct datagram_flows *flows, struct flow *flow,
                                     const struct segment *segment, unsigned direction)
{
    struct dtls_hello_start hello;

    if (!datagrams_may_begin_anew(segment, &hello)) {
        return NULL;
    }
    const uint64_t mark = mark_of(hello.random, direction);
    if (mark != 0 && mark == contents_of(flow).hello) {
        return NULL; /* sent once more */
    }
    struct open_flow *open = open_flow(flows, flow, segment, direction);
    if (open != NULL) {
        datagrams_follow(&open->datagrams, &hello);
    }
    return open;
}

/* The flow of a datagram, opened if it begins one; NULL if it is not to be followed. */
static struct open_flow *flow_of(struct datagram_flows *flows, const struct prepared *prepared)
{
    const struct segment *segment = &prepared->segment;
    struct flow *flow = flow_table_find(flows->table, prepared->hash, 0);

    if (flow != NULL) {
        flow_touch(flow);
        end_if_over(flows, flow, segment);
        struct open_flow *open = contents_of(flow).open;
        return open != NULL ? open : follow_flow(flows, flow, segment, prepared->direction);
    }
    if (!datagrams_may_begin(segment)) {
        return NULL;
    }
    return open_flow(flows, add_flow(flows, prepared->hash), segment, prepared->direction);
}

/* While nothing is followed, most of UDP costs a look at its first byte. */
static bool may_matter(const struct datagram_flows *flows, const struct segment *segment)
{
    struct dtls_hello_start hello;

    return flows->active.oldest != NULL || datagrams_may_begin(segment) ||
           datagrams_may_begin_anew(segment, &hello);
}

static void on_datagram(struct datagram_flows *flows, const struct prepared *prepared)
{
    const struct segment *segment = &prepared->segment;
    uint8_t first;

    if (!bytes_peek_u8(&segment->payload, 0, &first) || !dtls_record_is_first_byte(first) ||
        !may_matter(flows, segment)) {
        return;
    }
    struct open_flow *open = flow_of(flows, prepared);
    if (open == NULL || feed_flow(flows, open, segment, prepared->direction)) {
        return;
    }
    open = flow_of(flows, prepared);
    if (open != NULL) {
        open->datagrams.may_not_turn = flows->has_turned;
        (void)feed_flow(flows, open, segment, prepared->direction);
    }
}

static void tell_whether_busy(struct datagram_flows *flows)
{
    *flows->options.is_busy = flows->active.oldest != NULL;
}

/* CAPWAP's DTLS header (RFC 5415, 4.2): version 0, type 1, three bytes reserved; then DTLS. */
NOINLINE void datagram_flows_feed(struct datagram_flows *flows, const struct prepared *prepared)
{
    struct bytes payload = prepared->segment.payload;
    uint32_t header;

    if (bytes_u32(&payload, &header) && header == CAPWAP_DTLS_HEADER) {
        struct prepared inner = *prepared;
        inner.segment.payload = payload;
        on_datagram(flows, &inner);
    } else {
        on_datagram(flows, prepared);
    }
    tell_whether_busy(flows);
}

NOINLINE void datagram_flows_tick(struct datagram_flows *flows, int64_t now_ns)
{
    for (int i = 0; i < EXPIRIES_PER_FRAME; i++) {
        struct age_link *oldest = flows->active.oldest;
        if (oldest == NULL || !age_list_is_overdue(oldest, now_ns)) {
            break;
        }
        end_flow(flows, (struct open_flow *)oldest, VERDICT_ENDING_EVICTED);
    }
    tell_whether_busy(flows);
}

bool datagram_flows_end_one(struct datagram_flows *flows)
{
    if (flows->active.oldest == NULL) {
        return false;
    }
    end_flow(flows, (struct open_flow *)flows->active.oldest, VERDICT_ENDING_CUT);
    return true;
}
