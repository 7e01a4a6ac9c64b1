/* One direction of a TCP connection, in order: out of order, retransmitted and overlapping
 * segments in, contiguous chunks out. The first copy of a byte wins (and a later copy that
 * differs while the first still waits is flagged; delivered bytes are not kept for that); a hole
 * that cannot close becomes a chunk that says so.
 *
 * Bytes in order are never copied: the chunk borrows from the segment. Bytes that must wait are
 * copied into blocks of a shared pool, at most STREAM_MAX_WAITING_BYTES and
 * STREAM_MAX_WAITING_SEGMENTS per direction; beyond that, or when the pool is empty, the oldest
 * hole is given up. */
#ifndef REPRISE_DISSECT_NET_STREAM_H
#define REPRISE_DISSECT_NET_STREAM_H

#include "dissect/net/segment.h"
#include "dissect/net/waiting.h"

#include "base/pool.h"

enum {
    /* Segments that may still arrive after the peer acknowledged bytes we have not seen, before
     * the hole is given up: a capture on several queues shows an ACK before its data. */
    STREAM_HOLE_PATIENCE = 16,
    /* Sequence numbers further ahead of the next byte than this, or further behind than
     * STREAM_MAX_BEHIND, are garbage ... */
    STREAM_MAX_AHEAD = 16 * 1024 * 1024,
    STREAM_MAX_BEHIND = 1024 * 1024 * 1024,
    /* ... unless so many segments in a row, none of which fits here, fit each other: then the
     * capture has lost more than that, and the stream goes on with them. */
    STREAM_RESYNC_SEGMENTS = 4,
};

/* Zero-initialised by stream_init. Fields are for stream.c, except those said to be for all. */
struct stream {
    struct waiting waiting;         /* came too early */
    struct waiting_block *lent;     /* block whose bytes the last chunk borrows */
    struct waiting_run fresh;       /* what is left of the segment just added */
    uint32_t first;                 /* for all: sequence number it began at, if has_start */
    uint32_t next;                  /* for all: sequence number of the next byte to deliver */
    uint32_t peer_ack;              /* highest acknowledgement beyond next, if has_peer_ack */
    uint32_t end;                   /* sequence number after the last byte, once has_end */
    uint32_t lost_end;              /* bytes before it that nobody holds are lost for good */
    uint32_t acknowledged_hole;     /* peer_ack when patience began to run out */
    uint32_t far_next;              /* where the last segment that did not fit ended */
    uint32_t skipped;               /* bytes jumped over, still to be told */
    uint8_t patience;               /* segments seen since then that did not help */
    uint8_t far_count;              /* segments in a row that fit each other, but not here */
    bool has_start : 1;             /* for all: first and next mean something */
    bool started_with_syn : 1;      /* for all: else the stream was joined in the middle */
    bool has_delivered : 1;         /* a chunk was handed out */
    bool is_start_acknowledged : 1; /* the peer has agreed to this SYN: no other one counts */
    bool has_peer_ack : 1;          /* for all */
    bool has_end : 1;               /* FIN seen */
    bool has_retransmission : 1;    /* for all */
    bool has_conflict : 1;          /* for all: an overlap brought different bytes */
    bool is_after_loss : 1;         /* what waits now waited for a hole that never closed */
};

/* What stream_next hands out: either bytes, or a hole of `missing` bytes. */
struct stream_chunk {
    struct bytes data;      /* borrowed until the next call on this stream; empty for a hole */
    uint32_t missing;       /* > 0: that many bytes are lost for good before what comes next;
                               modulo 2^32 when more than STREAM_MAX_AHEAD was lost */
    int64_t time_ns;        /* capture time of the segment that brought the data; of a hole: of
                               the segment that showed it to be one */
    bool starts_segment;    /* data begins where a captured segment's payload began */
    bool was_retransmitted; /* had to wait for a hole that a later segment filled */
};

void stream_init(struct stream *stream);

/* Gives all waiting blocks back to the pool. Nothing is left to deliver. */
void stream_clear(struct stream *stream, struct pool *pool);

/* Takes in one segment of this direction, with or without payload. A SYN fixes the start (also
 * its payload: TCP Fast Open); a stream without one starts at the first segment with payload or
 * FIN, or at peer_ack where the other side's acknowledgement is known already. A SYN with another
 * sequence number restarts a stream that has delivered nothing and whose SYN the other side has
 * not acknowledged (the caller decides about port reuse before that); later ones, and
 * what a RST carries, are ignored.
 *
 * Follow with stream_next until it returns false, before the segment's bytes go away. */
void stream_add(struct stream *stream, struct pool *pool, const struct segment *segment);

/* Tells the stream what the other side acknowledged: bytes below were received there, so a hole
 * below will (soon) not close any more. */
void stream_acknowledge(struct stream *stream, uint32_t acknowledgement);

/* The next chunk in order; false when there is none yet. */
MUST_CHECK bool stream_next(struct stream *stream, struct pool *pool, struct stream_chunk *out);

/* The connection is over: every hole is given up, so that stream_next drains what waits. */
void stream_give_up(struct stream *stream);

/* FIN seen and every byte before it delivered. */
bool stream_is_finished(const struct stream *stream);

/* Segments that came too early wait for a hole to close. */
bool stream_is_waiting(const struct stream *stream);

#endif
