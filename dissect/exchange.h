/* One handshake between two endpoints, whatever carries it: TLS events of both directions -> who is
 * the client -> the three folds -> the record. What TCP connections (conversation.h) and UDP flows
 * (datagrams.h) have in common. Knows neither segments nor streams, and owns no memory. */
#ifndef REPRISE_DISSECT_EXCHANGE_H
#define REPRISE_DISSECT_EXCHANGE_H

#include "dissect/handshake.h"
#include "dissect/tls/contents.h"
#include "dissect/tls/ticket_flight.h"
#include "dissect/tls/timing.h"
#include "dissect/tls/verdict.h"

#include "base/keyed_hash.h"

/* What a conversation has come to. */
enum conversation_state {
    CONVERSATION_OPEN,
    CONVERSATION_HANDSHAKE,  /* over: the record is filled */
    CONVERSATION_NOT_TLS,    /* over: nothing to report */
    CONVERSATION_MID_STREAM, /* over: TLS, but its handshake was before the capture */
};

struct exchange {
    struct endpoint endpoints[2]; /* by direction (flow_hash_of()) */
    unsigned client;              /* direction of the TLS client, once has_client */
    unsigned opener;              /* direction that opened the connection, once has_opener */
    bool has_client;
    bool has_random;
    bool has_opener;
    bool is_over;       /* nothing that could still come would add anything */
    bool is_mid_stream; /* the first thing seen lies behind the hellos */
    bool is_not_tls;
    bool is_further;      /* the connection had a handshake before: what it encrypts may go on */
    bool is_followed;     /* another handshake has begun before this one was done */
    bool is_retried;      /* the latest hello was answered by a request for another one */
    uint8_t messages_len; /* of handshake.messages */
    struct ticket_flight ticket_flight; /* of TLS 1.3 over TCP */
    struct verdict_state verdict;       /* from here on all have an init of their own */
    struct timing timing;
    struct handshake handshake;
    struct contents contents;
    uint8_t random[HELLO_RANDOM_BYTES]; /* of the latest ClientHello, once has_random */
};

void exchange_init(struct exchange *exchange, enum transport transport, const struct endpoint *a,
                   const struct endpoint *b);

/* Takes in the next event of a direction; fills in its `from`. */
void exchange_on_event(struct exchange *exchange, struct keyed_hash *session_hash,
                       struct tls_event *event, unsigned direction);

/* Whether anything of a handshake was seen that deserves a record. */
bool exchange_has_handshake(const struct exchange *exchange);

/* The random of a ClientHello that may be too damaged to be an event. */
void exchange_hear_random(struct exchange *exchange, struct bytes random);

/* Whether a ClientHello in clear, after all that was seen of its side, begins another handshake. A
 * client that tries again sends the same random (RFC 8446, 4.1.2; RFC 6347, 4.2.1). is_received:
 * the server may have had it when it sent what was seen of it; where the first hello is lost, only
 * that tells which one the ServerHello has answered. */
bool exchange_is_followed_by(const struct exchange *exchange, struct bytes random,
                             bool is_received);

/* Nothing that could still come would add anything: asked before each event, told by each. */
static inline bool exchange_is_over(const struct exchange *exchange)
{
    return exchange->is_over;
}

/* Direction of the client: as the messages say, else a guess from who opened, and from ports. */
unsigned exchange_client(const struct exchange *exchange);

void exchange_note_anomaly(struct exchange *exchange, enum anomaly anomaly);

/* The conversation is over: fills the record, all but rtts_tcp, where there is one. Once. */
enum conversation_state exchange_settle(struct exchange *exchange,
                                        const struct keyed_hash *session_hash,
                                        enum verdict_ending ending, const struct timing_path *path);

/* After exchange_settle(): what follows the handshake, for the estimate of its tickets only. */
void exchange_hear(struct exchange *exchange, struct tls_event *event, unsigned direction);

/* Whether what follows could still tell of tickets. */
bool exchange_awaits_tickets(const struct exchange *exchange);

/* Puts the estimate into the record. is_waited_out: as ticket_flight_read() has it. */
void exchange_settle_tickets(struct exchange *exchange, bool is_waited_out);

#endif
