/* One TCP connection: segments -> streams -> TLS events -> verdict and times. A coordinator: it
 * knows the order of steps and parses nothing; only here do net/ and tls/ meet.
 *
 * Lives from the first segment with payload to the end of the handshake. */
#ifndef REPRISE_DISSECT_CONVERSATION_H
#define REPRISE_DISSECT_CONVERSATION_H

#include "dissect/handshake.h"
#include "dissect/net/flow_table.h"
#include "dissect/net/path.h"
#include "dissect/net/stream.h"
#include "dissect/tls/contents.h"
#include "dissect/tls/reader.h"
#include "dissect/tls/timing.h"
#include "dissect/tls/verdict.h"

#include "base/keyed_hash.h"

/* What conversations of one dissector share. */
struct conversation_means {
    struct pool *stream_blocks;
    struct reader_pools readers;
    struct keyed_hash *session_hash;
};

struct conversation {
    struct path path;
    struct stream streams[2]; /* by direction: 0 sent by the flow key's a, 1 by its b */
    struct tls_reader readers[2];
    struct verdict_state verdict;
    struct timing timing;
    struct handshake handshake;
    struct endpoint endpoints[2]; /* by direction */
    struct contents contents;
    int64_t ack_ns[2];   /* latest acknowledgement sent in each direction */
    int64_t now_ns;      /* capture time of the latest segment */
    uint64_t lost_bytes; /* in holes */
    unsigned client;     /* direction of the TLS client, once has_client */
    bool has_client;
    bool fin_told[2];
    bool fills_hole;    /* the latest segment came while others waited for a hole */
    bool is_mid_stream; /* the first thing seen lies behind the hellos */
    bool is_not_tls;
};

enum conversation_state {
    CONVERSATION_OPEN,
    CONVERSATION_HANDSHAKE,  /* over: conversation->handshake is filled */
    CONVERSATION_NOT_TLS,    /* over: nothing to report */
    CONVERSATION_MID_STREAM, /* over: TLS, but its handshake was before the capture */
};

/* path: what was seen of the connection before (SYN, SYN/ACK); copied, as are the endpoints of
 * the flow's key. */
void conversation_init(struct conversation *conversation, const struct conversation_means *means,
                       const struct path *path, const struct flow_key *key);

/* Gives back every block. */
void conversation_clear(struct conversation *conversation, const struct conversation_means *means);

/* Takes in the next segment. After anything but OPEN only clear may follow. */
enum conversation_state conversation_add(struct conversation *conversation,
                                         const struct conversation_means *means,
                                         const struct segment *segment, unsigned direction);

/* A RST was seen, but what is under way may still prove something: to be ended soon. */
bool conversation_is_reset(const struct conversation *conversation);

/* Nothing more will come: drains what waits behind holes and says what is known. Never OPEN. */
enum conversation_state conversation_end(struct conversation *conversation,
                                         const struct conversation_means *means,
                                         enum verdict_ending ending);

#endif
