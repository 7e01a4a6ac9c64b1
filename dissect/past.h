/* What stays of a connection whose handshake is over: what tells a further handshake on it from its
 * first one's packets seen again, and what is known of it already. */
#ifndef REPRISE_DISSECT_PAST_H
#define REPRISE_DISSECT_PAST_H

#include "dissect/conversation.h"
#include "dissect/net/beginning.h"

/* Zero-initialised: nothing is known. */
struct past {
    struct beginning beginning; /* of the connection, and how far it was read */
    uint32_t rtt_ns[2]; /* monitor to the sender in each direction; 0: not known, or above 4 s */
    uint8_t carrier;    /* enum carrier, before its first handshake */
    uint8_t client;     /* direction of the client, as far as it is known */
};

/* The same in the room of a flow. Of the beginning the client's direction is kept, whose SYN and
 * ClientHello may come once more; the other one's only where the client's is not known. How much of
 * it was read keeps 11 bits and an exponent, rounded down: what is asked of it has wider bounds by
 * far. The time of the last look is modulo 2^24 ms (nearly five hours), and exact: a capture that
 * is read once more begins the same connections again, some milliseconds before they ended. A round
 * trip is exact below 8 ms, and above in whole microseconds. Zero-initialised: nothing is known. */
struct past_packed {
    uint32_t next;
    uint16_t read;
    uint8_t seen_ms[3]; /* least significant first, as in the next */
    uint8_t rtt[2][3];
    uint8_t side_and_carrier;
};

/* While the conversation is open, after each segment. */
void past_note(struct past *past, const struct conversation *conversation);

/* The conversation is over, and its record filled. */
void past_keep(struct past *past, const struct conversation *conversation);

/* The path as a further handshake finds it: with its round trips, without a SYN. */
void past_path(const struct past *past, struct path *out);

struct past_packed past_pack(const struct past *past);

/* now_ns: of the segment that asks. */
struct past past_unpack(const struct past_packed *packed, int64_t now_ns);

#endif
