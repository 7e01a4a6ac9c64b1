#include "dissect/net/stream.h"

#include "dissect/net/sequence.h"

#include <assert.h>

/* How far apart segments that do not fit here may be to fit each other. */
enum { FAR_APART_MAX = 1024 * 1024 };

static_assert(sizeof(struct stream) <= 104, "two of these for each connection");

void stream_init(struct stream *stream)
{
    *stream = (struct stream){.has_start = false};
}

static void release_lent(struct stream *stream, struct pool *pool)
{
    if (stream->lent != NULL) {
        pool_give(pool, stream->lent);
        stream->lent = NULL;
    }
}

static void forget_fresh(struct stream *stream)
{
    stream->fresh.len = 0;
    stream->fresh.missing = 0;
}

void stream_clear(struct stream *stream, struct pool *pool)
{
    release_lent(stream, pool);
    waiting_clear(&stream->waiting, pool);
    forget_fresh(stream);
    stream->skipped = 0;
    stream->lost_end = stream->next;
    stream->has_peer_ack = false;
}

static bool has_fresh(const struct stream *stream)
{
    return stream->fresh.len > 0 || stream->fresh.missing > 0;
}

static void start_at(struct stream *stream, uint32_t sequence)
{
    stream->next = sequence;
    stream->lost_end = sequence;
    stream->has_start = true;
    stream->has_end = false;
    stream->has_peer_ack = false; /* an earlier one may be another connection's */
}

static void move_on(struct stream *stream, uint32_t count)
{
    stream->next += count;
    stream->lost_end = sequence_max(stream->lost_end, stream->next);
    stream->patience = 0;
    stream->has_delivered = true;
    if (stream->has_peer_ack && sequence_at_or_before(stream->peer_ack, stream->next)) {
        stream->has_peer_ack = false;
    }
}

/* Whether the SYN is the one this stream begins with, or may begin with from now on. */
static bool take_syn(struct stream *stream, struct pool *pool, uint32_t start)
{
    if (stream->has_delivered || (stream->is_start_acknowledged && stream->next != start)) {
        return false;
    }
    if (!stream->has_start || stream->next != start) {
        waiting_clear(&stream->waiting, pool);
        start_at(stream, start);
        stream->first = start;
    }
    stream->started_with_syn = true;
    return true;
}

/* Without a SYN. What the peer acknowledged before the first segment seen is not waited for, and
 * a segment that begins a little beyond it came out of order. A single byte below it is a
 * keep-alive probe (RFC 9293, 3.8.4). */
static bool start_in_the_middle(struct stream *stream, const struct segment *segment)
{
    const uint32_t ahead = segment->sequence - stream->peer_ack;

    if (segment->payload_len == 0 && (segment->flags & TCP_FIN) == 0) {
        return false;
    }
    if (stream->has_peer_ack && ahead == UINT32_MAX && segment->payload_len == 1) {
        return false;
    }
    const bool is_out_of_order = stream->has_peer_ack && ahead <= STREAM_MAX_WAITING_BYTES;
    start_at(stream, is_out_of_order ? stream->peer_ack : segment->sequence);
    stream->first = stream->next;
    return true;
}

static bool is_plausible(const struct stream *stream, uint32_t sequence)
{
    return sequence - stream->next <= STREAM_MAX_AHEAD ||
           stream->next - sequence <= STREAM_MAX_BEHIND;
}

/* A segment that does not fit. One is garbage; several in a row that fit each other are the
 * stream, after a long loss: first what waits is delivered, then the stream jumps to them. */
static bool resynchronise(struct stream *stream, uint32_t sequence, uint32_t len)
{
    const bool fits_last = stream->far_count > 0 && (sequence - stream->far_next <= FAR_APART_MAX ||
                                                     stream->far_next - sequence <= FAR_APART_MAX);

    if (len == 0) {
        return false;
    }
    stream->far_next = sequence + len;
    stream->far_count = (uint8_t)(fits_last ? stream->far_count + 1 : 1);
    if (stream->far_count < STREAM_RESYNC_SEGMENTS) {
        return false;
    }
    stream->far_count = STREAM_RESYNC_SEGMENTS;
    if (stream->waiting.head != NULL) {
        stream_give_up(stream);
        return false;
    }
    stream->skipped = sequence - stream->next;
    stream->has_delivered = true;
    start_at(stream, sequence);
    return true;
}

/* The first FIN counts; what lies behind it is not data (RFC 9293, 3.10.4). */
static void take_fin(struct stream *stream, uint32_t end)
{
    if (!stream->has_end && sequence_at_or_before(stream->next, end)) {
        stream->end = end;
        stream->has_end = true;
    }
}

static void drop_beyond_end(struct stream *stream)
{
    struct waiting_run *fresh = &stream->fresh;

    if (!stream->has_end) {
        return;
    }
    const uint32_t room =
        sequence_before(fresh->sequence, stream->end) ? stream->end - fresh->sequence : 0;
    if (fresh->len > room) {
        fresh->len = room;
    }
    if (fresh->missing > room - fresh->len) {
        fresh->missing = room - fresh->len;
    }
}

static void drop_delivered(struct stream *stream)
{
    if (has_fresh(stream) && sequence_before(stream->fresh.sequence, stream->next)) {
        waiting_run_skip(&stream->fresh, stream->next - stream->fresh.sequence);
    }
}

/* Delivered bytes are not kept, so only those that still wait can be compared. */
static void note_overlaps(struct stream *stream)
{
    const struct waiting_run *fresh = &stream->fresh;
    const uint32_t len = fresh->len + fresh->missing;
    const enum waiting_overlap overlap = waiting_compare(&stream->waiting, fresh);

    /* A keep-alive probe repeats the last byte, or sends garbage in its place. */
    const bool is_probe = len == 1 && fresh->sequence + 1 == stream->next;
    if (overlap != WAITING_NONE ||
        (len > 0 && !is_probe && sequence_before(fresh->sequence, stream->next))) {
        stream->has_retransmission = true;
    }
    if (overlap == WAITING_DIFFERENT) {
        stream->has_conflict = true;
    }
}

/* One byte acknowledged beyond all that was seen is rather a FIN that the capture lost than a byte
 * of data. */
static bool may_be_fin(const struct stream *stream)
{
    return !stream->has_end && stream->waiting.head == NULL && stream->peer_ack == stream->next + 1;
}

/* Counts segments that do not help although the peer has acknowledged beyond the next byte. */
static void lose_patience(struct stream *stream)
{
    const bool helps = has_fresh(stream) && stream->fresh.sequence == stream->next;

    if (helps || !stream->has_peer_ack || may_be_fin(stream)) {
        return;
    }
    if (stream->patience == 0) {
        stream->acknowledged_hole = stream->peer_ack;
    }
    stream->patience++;
    if (stream->patience > STREAM_HOLE_PATIENCE) {
        stream->lost_end = sequence_max(stream->lost_end, stream->acknowledged_hole);
        stream->patience = 0;
    }
}

/* Whether the segment belongs to the stream; gives it a start if it has none. */
static bool takes(struct stream *stream, struct pool *pool, const struct segment *segment)
{
    const uint32_t first_byte = segment->sequence + 1;

    if ((segment->flags & TCP_RST) != 0) {
        return false; /* its payload says why, for people (RFC 9293, 3.5.3) */
    }
    if ((segment->flags & TCP_SYN) != 0) {
        return take_syn(stream, pool, first_byte);
    }
    if (!stream->has_start && !start_in_the_middle(stream, segment)) {
        return false;
    }
    return !stream_is_finished(stream);
}

void stream_add(struct stream *stream, struct pool *pool, const struct segment *segment)
{
    release_lent(stream, pool);
    forget_fresh(stream);
    if (!takes(stream, pool, segment)) {
        return;
    }
    assert(segment->payload.len <= segment->payload_len);
    if (segment->payload_len > STREAM_MAX_AHEAD) {
        return; /* no segment is that long, whatever the frame claims */
    }
    const uint32_t len = segment->payload_len;
    const uint32_t syn = (segment->flags & TCP_SYN) != 0 ? 1 : 0;
    const uint32_t sequence = segment->sequence + syn;
    if (is_plausible(stream, sequence)) {
        stream->far_count = len > 0 ? 0 : stream->far_count;
    } else if (!resynchronise(stream, sequence, len)) {
        return;
    }
    if ((segment->flags & TCP_FIN) != 0) {
        take_fin(stream, sequence + len);
    }
    stream->fresh = (struct waiting_run){
        .data = segment->payload.data,
        .time_ns = segment->time_ns,
        .sequence = sequence,
        .len = (uint32_t)segment->payload.len,
        .missing = len - (uint32_t)segment->payload.len,
        .starts_segment = true,
    };
    drop_beyond_end(stream);
    note_overlaps(stream);
    drop_delivered(stream);
    lose_patience(stream);
}

void stream_acknowledge(struct stream *stream, uint32_t acknowledgement)
{
    if (!stream->has_start) {
        stream->peer_ack = acknowledgement;
        stream->has_peer_ack = true;
        return;
    }
    if (acknowledgement == stream->next && stream->started_with_syn) {
        stream->is_start_acknowledged = true;
    }
    /* Only what lies beyond the next byte tells more. */
    if (acknowledgement - stream->next - 1 >= STREAM_MAX_AHEAD) {
        return;
    }
    stream->peer_ack =
        stream->has_peer_ack ? sequence_max(stream->peer_ack, acknowledgement) : acknowledgement;
    stream->has_peer_ack = true;
}

static bool next_skipped(struct stream *stream, struct stream_chunk *out)
{
    if (stream->skipped == 0) {
        return false;
    }
    *out = (struct stream_chunk){.missing = stream->skipped, .time_ns = stream->fresh.time_ns};
    stream->skipped = 0;
    stream->is_after_loss = true;
    return true;
}

/* Hands out `data`, which begins at the next byte, up to the stream's end. */
static void deliver(struct stream *stream, struct bytes data, struct stream_chunk *out)
{
    if (stream->has_end && stream->end - stream->next < data.len) {
        data.len = stream->end - stream->next;
    }
    out->data = data;
    move_on(stream, (uint32_t)data.len);
}

static bool next_waiting(struct stream *stream, struct pool *pool, struct stream_chunk *out)
{
    while (stream->waiting.head != NULL &&
           sequence_at_or_before(stream->waiting.head->sequence, stream->next)) {
        struct waiting_block *block = waiting_take_head(&stream->waiting);
        const uint32_t behind = stream->next - block->sequence;
        stream->lost_end =
            sequence_max(stream->lost_end, block->sequence + block->len + block->missing);
        if (behind >= block->len) {
            pool_give(pool, block);
            continue;
        }
        stream->lent = block;
        *out = (struct stream_chunk){
            .time_ns = block->time_ns,
            .starts_segment = block->starts_segment && behind == 0,
            .was_retransmitted = !stream->is_after_loss,
        };
        deliver(stream, (struct bytes){block->data + behind, block->len - behind}, out);
        return true;
    }
    return false;
}

static bool next_fresh(struct stream *stream, struct stream_chunk *out)
{
    struct waiting_run *fresh = &stream->fresh;

    drop_delivered(stream);
    if (!has_fresh(stream) || fresh->sequence != stream->next) {
        return false;
    }
    stream->is_after_loss = false;
    if (fresh->len == 0) {
        stream->lost_end = sequence_max(stream->lost_end, stream->next + fresh->missing);
        return false;
    }
    uint32_t len = fresh->len;
    if (stream->waiting.head != NULL && stream->waiting.head->sequence - stream->next < len) {
        len = stream->waiting.head->sequence - stream->next;
    }
    *out = (struct stream_chunk){
        .time_ns = fresh->time_ns,
        .starts_segment = fresh->starts_segment,
    };
    deliver(stream, (struct bytes){fresh->data, len}, out);
    return true;
}

/* A hole up to the next byte that somebody holds. */
static bool next_missing(struct stream *stream, struct stream_chunk *out)
{
    uint32_t until = stream->lost_end;

    if (stream->waiting.head != NULL) {
        until = sequence_min(until, stream->waiting.head->sequence);
    }
    if (stream->fresh.len > 0) {
        until = sequence_min(until, stream->fresh.sequence);
    }
    if (stream->has_end) {
        until = sequence_min(until, stream->end);
    }
    if (!sequence_before(stream->next, until)) {
        return false;
    }
    *out = (struct stream_chunk){
        .missing = until - stream->next,
        .time_ns = stream->fresh.time_ns,
    };
    stream->is_after_loss = true;
    move_on(stream, out->missing);
    return true;
}

/* Nothing can be delivered: what is left of the segment must wait. Where there is no room for it,
 * the oldest hole is given up. */
static bool gives_up_for_room(struct stream *stream, struct pool *pool)
{
    if (!has_fresh(stream) || waiting_store(&stream->waiting, pool, &stream->fresh)) {
        return false;
    }
    stream->lost_end = stream->fresh.sequence;
    if (stream->waiting.head != NULL) {
        stream->lost_end = sequence_min(stream->lost_end, stream->waiting.head->sequence);
    }
    return true;
}

bool stream_next(struct stream *stream, struct pool *pool, struct stream_chunk *out)
{
    release_lent(stream, pool);
    if (next_skipped(stream, out)) {
        return true;
    }
    if (stream_is_finished(stream)) {
        stream_clear(stream, pool);
        return false;
    }
    do { /* at most twice: a hole given up is a chunk */
        if (next_waiting(stream, pool, out) || next_fresh(stream, out) ||
            next_missing(stream, out)) {
            return true;
        }
    } while (gives_up_for_room(stream, pool));
    return false;
}

void stream_give_up(struct stream *stream)
{
    if (!stream->has_start) {
        return;
    }
    if (stream->waiting.head != NULL) {
        stream->lost_end = sequence_max(stream->lost_end, waiting_end(&stream->waiting));
    }
    if (stream->has_peer_ack && !may_be_fin(stream)) {
        stream->lost_end = sequence_max(stream->lost_end, stream->peer_ack);
    }
    if (stream->has_end) {
        stream->lost_end = sequence_max(stream->lost_end, stream->end);
    }
}

bool stream_is_finished(const struct stream *stream)
{
    return stream->has_start && stream->has_end && stream->next == stream->end;
}

bool stream_is_waiting(const struct stream *stream)
{
    return stream->waiting.head != NULL;
}
