/* One direction of a TCP connection, in order: out of order, retransmitted and overlapping
 * segments in, contiguous chunks out. The first copy of a byte wins (and a later copy that
 * differs is flagged); a hole that cannot close becomes a chunk that says so.
 *
 * Bytes in order are never copied: the chunk borrows from the segment. Bytes that must wait are
 * copied into blocks of a shared pool, at most STREAM_MAX_WAITING_BYTES and
 * STREAM_MAX_WAITING_SEGMENTS per direction; beyond that, or when the pool is empty, the oldest
 * hole is given up. */
#ifndef REPRISE_DISSECT_NET_STREAM_H
#define REPRISE_DISSECT_NET_STREAM_H

#include "dissect/net/segment.h"

#include "base/pool.h"

enum {
    STREAM_BLOCK_BYTES = 2048, /* block size of the pool a stream is given */
    STREAM_MAX_WAITING_BYTES = 256 * 1024,
    STREAM_MAX_WAITING_SEGMENTS = 256,
    /* Segments that may still arrive after the peer acknowledged bytes we have not seen, before
     * the hole is given up: a capture on several queues shows an ACK before its data. */
    STREAM_HOLE_PATIENCE = 16,
};

struct stream_block; /* a waiting run of bytes, in one pool block */

/* Zero-initialised by stream_init. Fields are for stream.c; read them through functions. */
struct stream {
    uint32_t next;         /* sequence number of the next byte to deliver */
    uint32_t peer_ack;     /* highest acknowledgement the other side has sent */
    uint32_t end;          /* sequence number after the last byte, once has_end */
    bool has_start;        /* next means something */
    bool started_with_syn; /* else the stream was joined in the middle */
    bool has_peer_ack;
    bool has_end; /* FIN seen */
    bool has_retransmission;
    bool has_conflict; /* an overlap brought different bytes */
    uint8_t patience;  /* segments seen since the peer acknowledged beyond the hole */
    uint16_t waiting_segments;
    uint32_t waiting_bytes;
    struct stream_block *waiting; /* by sequence number, without overlaps */
    struct stream_block *lent;    /* block whose bytes the last chunk borrows */
    struct bytes fresh;           /* in-order bytes of the segment just added */
    uint32_t fresh_missing;       /* bytes that follow fresh and that the capture cut away */
    int64_t fresh_time_ns;
    bool gives_up; /* the oldest hole will be skipped by the next stream_next */
};

/* What stream_next hands out: either bytes, or a hole of `missing` bytes. */
struct stream_chunk {
    struct bytes data;      /* borrowed until the next call on this stream; empty for a hole */
    uint32_t missing;       /* > 0: that many bytes are lost for good before what comes next */
    int64_t time_ns;        /* capture time of the segment that brought the data */
    bool starts_segment;    /* data begins where a captured segment's payload began */
    bool was_retransmitted; /* had to wait for a hole that a later segment filled */
};

void stream_init(struct stream *stream);

/* Gives all waiting blocks back to the pool. */
void stream_clear(struct stream *stream, struct pool *pool);

/* Takes in one segment of this direction. A SYN fixes the start (also its payload: TCP Fast
 * Open); a stream without one starts at the first segment with payload, or at peer_ack where the
 * other side's acknowledgement is known already. A SYN with another sequence number on a stream
 * that has delivered nothing restarts it (the caller decides about port reuse before that).
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

#endif
