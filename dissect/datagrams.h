/* One UDP flow with DTLS in it: datagrams -> DTLS events -> exchange.h. A coordinator, as
 * conversation.h is of TCP. Lives from a datagram that begins a handshake to its end. */
#ifndef REPRISE_DISSECT_DATAGRAMS_H
#define REPRISE_DISSECT_DATAGRAMS_H

#include "dissect/exchange.h"
#include "dissect/net/segment.h"
#include "dissect/tls/dtls_message.h"
#include "dissect/tls/dtls_reader.h"

struct datagrams {
    struct exchange exchange;
    struct dtls_reader readers[2]; /* by direction, as all below */
    int64_t now_ns;                /* capture time of the latest datagram */
    int64_t spoke_ns[2];           /* when it last told anything; TIMING_NONE */
    bool repeats[2];               /* ... and has sent something again since */
    int64_t rtt_client_ns;         /* monitor to client and back; TIMING_NONE */
    int64_t rtt_server_ns;
    enum tls_event_kind latest; /* event, of either direction */
    bool has_turned;   /* a ClientHello of the other side, which begins a handshake of its own */
    bool may_not_turn; /* this is that one: the first client's hellos are not heard any more */
};

/* Whether a datagram is worth following its flow from here on: it plausibly begins a handshake. Of
 * all other traffic this looks at the first byte. */
bool datagrams_may_begin(const struct segment *segment);

/* The same where a handshake was followed before: only a first ClientHello is not an echo of it. */
bool datagrams_may_begin_anew(const struct segment *segment, struct dtls_hello_start *out);

void datagrams_init(struct datagrams *datagrams, const struct segment *segment, unsigned direction);

/* After init, if a handshake was before on the same ports: what its hello tells. */
void datagrams_follow(struct datagrams *datagrams, const struct dtls_hello_start *hello);

/* Whether a first ClientHello begins another handshake while this one is open: in a later epoch.
 * Those of the same epoch are looked at one by one, as they come. */
bool datagrams_is_followed(const struct datagrams *datagrams, const struct segment *segment);

/* The random of its client's hello; empty when none was seen. Borrowed. */
struct bytes datagrams_random(const struct datagrams *datagrams);

/* Gives back every block. */
void datagrams_clear(struct datagrams *datagrams, const struct reader_pools *pools);

/* Takes in the next datagram. What is not DTLS (RFC 7983: STUN, RTP) is passed over. After anything
 * but OPEN only clear may follow. */
enum conversation_state datagrams_add(struct datagrams *datagrams, const struct reader_pools *pools,
                                      struct keyed_hash *session_hash,
                                      const struct segment *segment, unsigned direction);

/* The datagram that ended it begins another handshake on the same ports (RFC 6347, 4.2.8). */
bool datagrams_has_restarted(const struct datagrams *datagrams);

/* Nothing more will come: tells what waits, and says what is known. Never OPEN. */
enum conversation_state datagrams_end(struct datagrams *datagrams, const struct reader_pools *pools,
                                      struct keyed_hash *session_hash, enum verdict_ending ending);

#endif
