/* One handshake on a TCP connection: segments -> streams -> TLS events -> exchange.h. A
 * coordinator: it knows the order of steps and parses nothing; here net/ and tls/ meet.
 *
 * Lives from the first segment with payload to the end of the handshake. A further handshake on the
 * same connection is a conversation of its own. */
#ifndef REPRISE_DISSECT_CONVERSATION_H
#define REPRISE_DISSECT_CONVERSATION_H

#include "dissect/exchange.h"
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
    int64_t ack_ns[2];   /* latest acknowledgement sent in each direction */
    uint32_t acked[2];   /* the highest of them, once there is one */
    int64_t now_ns;      /* capture time of the latest segment */
    int64_t captured_ns; /* ... of the bytes being read, which may have waited for it */
    uint64_t lost_bytes; /* in holes */
    /* What the latest chunk still held when the handshake was over; borrowed like it. */
    struct reader_input rest;
    uint32_t heard_from; /* stream_bytes of the server's reader then (aftermath.h) */
    bool fin_told[2];
    bool fills_hole;          /* the latest segment came while others waited for a hole */
    enum carrier carrier;     /* of a further handshake: told by the first */
    struct path path;         /* from here on all have an init of their own */
    struct stream streams[2]; /* by direction (flow_hash_of()) */
    struct tls_reader readers[2];
    struct exchange exchange;
};

/* path: what was seen of the connection before (SYN, SYN/ACK); copied, as are the endpoints of the
 * segment that is added next. */
void conversation_init(struct conversation *conversation, const struct conversation_means *means,
                       const struct path *path, const struct segment *segment, unsigned direction);

/* After init, if the connection has had a handshake before: the segment that comes next begins with
 * another ClientHello (start_is_client_hello() gives mac_len). rtts_tcp of the record is null: its
 * connection was not opened for it, so there is no SYN to count from. */
void conversation_follow(struct conversation *conversation, enum carrier carrier, uint8_t mac_len);

/* To be called before the next: a client says hello when what it sent before has been answered,
 * so holes before it that the other side has acknowledged will not close. As conversation_add(). */
enum conversation_state conversation_expect_hello(struct conversation *conversation,
                                                  const struct conversation_means *means,
                                                  unsigned direction);

/* Whether a segment that begins with a ClientHello of this random begins another handshake,
 * although this one is not over. */
bool conversation_is_followed(const struct conversation *conversation,
                              const struct segment *segment, unsigned direction,
                              struct bytes random);

/* Gives back every block. */
void conversation_clear(struct conversation *conversation, const struct conversation_means *means);

/* Takes in the next segment. After anything but OPEN only clear may follow, or aftermath.h. */
enum conversation_state conversation_add(struct conversation *conversation,
                                         const struct conversation_means *means,
                                         const struct segment *segment, unsigned direction);

/* Whether a RST stands where one of this connection would (RFC 5961, 3.2). */
bool conversation_believes_reset(const struct conversation *conversation,
                                 const struct segment *segment, unsigned direction);

/* A RST was seen, but what is under way may still prove something: to be ended soon. */
bool conversation_is_reset(const struct conversation *conversation);

/* Nothing more will come: drains what waits behind holes and says what is known. Never OPEN. */
enum conversation_state conversation_end(struct conversation *conversation,
                                         const struct conversation_means *means,
                                         enum verdict_ending ending);

#endif
