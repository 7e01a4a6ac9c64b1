#include "tests/bench/conversation.h"

enum { FIN = 0x01, SYN = 0x02, PSH = 0x08, ACK = 0x10 };

enum {
    SEGMENT_BYTES = 1448, /* with the timestamp option, in a frame of 1514 */
    FIRST_WINDOW = 10,    /* segments (RFC 6928, 2) */
    LARGEST_WINDOW = 80,
};

/* The packets that open a connection, and those that end it. */
static const struct {
    enum side from;
    uint8_t flags;
} opening[] = {{SIDE_CLIENT, SYN}, {SIDE_SERVER, SYN | ACK}, {SIDE_CLIENT, ACK}},
  ending[] = {{SIDE_CLIENT, FIN | ACK}, {SIDE_SERVER, FIN | ACK}, {SIDE_CLIENT, ACK}};

/* Stages: the opening ones, one for each flight and one for the response, the ending ones. */
enum { OPENING_STAGES = 3, ENDING_STAGES = 3 };

void conversation_begin(struct conversation *conversation, const struct plan *plan)
{
    struct random path = random_of(plan->seed, PLAN_TAG_PATH);

    *conversation = (struct conversation){.plan = *plan};
    conversation->rtt_us[SIDE_CLIENT] = 1000 + random_below(&path, 30000);
    conversation->rtt_us[SIDE_SERVER] = 1000 + random_below(&path, 80000);
    conversation->sequence[SIDE_CLIENT] = (uint32_t)random_next(&path);
    conversation->sequence[SIDE_SERVER] = (uint32_t)random_next(&path);
    conversation->window = FIRST_WINDOW;
    conversation->burst = FIRST_WINDOW;
    conversation->jitter = path;
}

static enum side other(enum side side)
{
    return side == SIDE_CLIENT ? SIDE_SERVER : SIDE_CLIENT;
}

static uint32_t first_ending_stage(const struct plan *plan)
{
    return OPENING_STAGES + flight_count(plan) + (plan->data_bytes > 0 ? 1 : 0);
}

static enum side speaker(const struct plan *plan, uint32_t stage)
{
    const uint32_t end = first_ending_stage(plan);

    if (stage < OPENING_STAGES) {
        return opening[stage].from;
    }
    if (stage >= end) {
        return stage < end + ENDING_STAGES ? ending[stage - end].from : SIDE_CLIENT;
    }
    stage -= OPENING_STAGES;
    return stage < flight_count(plan) ? flight_side(plan, stage) : SIDE_SERVER;
}

/* Time until an answer to what just passed the monitor on its way to `side` comes by. */
static uint32_t answer_us(struct conversation *conversation, enum side side)
{
    return conversation->rtt_us[side] + 20 + random_below(&conversation->jitter, 1500);
}

static uint32_t short_us(struct conversation *conversation)
{
    return 1 + random_below(&conversation->jitter, 40);
}

/* Fills in what goes out from a side now, and counts it as sent. */
static void put_packet(struct conversation *conversation, enum side from, uint8_t flags,
                       struct packet *out)
{
    out->from = from;
    out->tcp_flags = flags;
    out->sequence = conversation->sequence[from];
    out->acknowledgement = (flags & ACK) != 0 ? conversation->sequence[other(from)] : 0;
    conversation->sequence[from] += out->payload_len + ((flags & (SYN | FIN)) != 0 ? 1 : 0);
}

/* The stage is over: the pause until the next one's first packet. */
static uint32_t end_stage(struct conversation *conversation, enum side from)
{
    const bool is_answered = speaker(&conversation->plan, conversation->stage + 1) != from;
    const bool was_acknowledged = conversation->acknowledged > 0; /* the answer is there too */

    conversation->stage++;
    conversation->sent = 0;
    conversation->acknowledged = 0;
    conversation->window = FIRST_WINDOW;
    conversation->burst = FIRST_WINDOW;
    return is_answered && !was_acknowledged ? answer_us(conversation, other(from))
                                            : short_us(conversation);
}

static void put_segment(struct conversation *conversation, enum side from, struct wire *stream,
                        uint32_t len, struct packet *out)
{
    const uint32_t left = len - conversation->sent;

    out->payload_len = left < SEGMENT_BYTES ? left : SEGMENT_BYTES;
    if (stream->len > 0) { /* a flight; a response is too long to be written whole */
        out->payload = stream->data + conversation->sent;
    } else {
        flight_write_data(&conversation->plan, conversation->sent, out->payload_len, stream);
        out->payload = stream->data;
    }
    put_packet(conversation, from, left <= SEGMENT_BYTES ? PSH | ACK : ACK, out);
    conversation->sent += out->payload_len;
    conversation->burst--;
}

/* A pure acknowledgement of two more segments. */
static void put_acknowledgement(struct conversation *conversation, enum side from,
                                struct packet *out)
{
    const uint32_t begin = conversation->sequence[from] - conversation->sent;

    put_packet(conversation, other(from), ACK, out);
    conversation->acknowledged += 2 * SEGMENT_BYTES;
    out->acknowledgement = begin + conversation->acknowledged;
}

/* A flight goes out in bursts; after each, every two segments are acknowledged. */
enum doing { SENDING, ACKNOWLEDGING, WIDENING, OVER };

static enum doing doing_next(const struct conversation *conversation, uint32_t len)
{
    if (conversation->sent < len && conversation->burst > 0) {
        return SENDING;
    }
    if (conversation->sent - conversation->acknowledged >= 2 * SEGMENT_BYTES) {
        return ACKNOWLEDGING;
    }
    return conversation->sent < len ? WIDENING : OVER;
}

static uint32_t pause_before(enum doing next, enum doing now, struct conversation *conversation,
                             enum side from)
{
    if (next == OVER) {
        return end_stage(conversation, from);
    }
    if (next == WIDENING) {
        conversation->window *= conversation->window * 2 <= LARGEST_WINDOW ? 2 : 1;
        conversation->burst = conversation->window;
        return answer_us(conversation, from);
    }
    return next == now ? short_us(conversation) : answer_us(conversation, other(from));
}

static void stream_next(struct conversation *conversation, struct wire *stream, struct packet *out)
{
    const uint32_t index = conversation->stage - OPENING_STAGES;
    const bool is_flight = index < flight_count(&conversation->plan);
    const enum side from = speaker(&conversation->plan, conversation->stage);

    if (is_flight) {
        flight_write(&conversation->plan, index, stream);
    }
    const uint32_t len = is_flight ? (uint32_t)stream->len : conversation->plan.data_bytes;
    const enum doing now = doing_next(conversation, len);
    if (now == SENDING) {
        put_segment(conversation, from, stream, len, out);
    } else {
        put_acknowledgement(conversation, from, out);
    }
    out->pause_us = pause_before(doing_next(conversation, len), now, conversation, from);
}

bool conversation_next(struct conversation *conversation, struct wire *scratch, struct packet *out)
{
    const uint32_t end = first_ending_stage(&conversation->plan);
    const uint32_t stage = conversation->stage;

    scratch->len = 0;
    *out = (struct packet){.payload = scratch->data};
    if (stage >= OPENING_STAGES && stage < end) {
        stream_next(conversation, scratch, out);
        return true;
    }
    if (stage >= end + ENDING_STAGES) {
        return false;
    }
    const enum side from = speaker(&conversation->plan, stage);
    put_packet(conversation, from, stage < end ? opening[stage].flags : ending[stage - end].flags,
               out);
    out->pause_us = end_stage(conversation, from);
    return true;
}
