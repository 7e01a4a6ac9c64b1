/* One TCP connection: segments -> streams -> TLS events -> exchange.h. A coordinator: it knows the
 * order of steps and parses nothing; here net/ and tls/ meet.
 *
 * Lives from the first segment with payload to the end of the handshake. */
#ifndef REPRISE_DISSECT_CONVERSATION_H
#define REPRISE_DISSECT_CONVERSATION_H

#include "dissect/exchange.h"
#include "dissect/net/flow_table.h"
#include "dissect/net/path.h"
#include "dissect/net/stream.h"
#include "dissect/tls/reader.h"

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
    struct exchange exchange;
    int64_t ack_ns[2];   /* latest acknowledgement sent in each direction */
    int64_t now_ns;      /* capture time of the latest segment */
    uint64_t lost_bytes; /* in holes */
    bool fin_told[2];
    bool fills_hole; /* the latest segment came while others waited for a hole */
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
