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
};

/* While the conversation is open, after each segment. */
void past_note(struct past *past, const struct conversation *conversation);

/* The conversation is over, and its record filled. */
void past_keep(struct past *past, const struct conversation *conversation);

/* The path as a further handshake finds it: with its round trips, without a SYN. */
void past_path(const struct past *past, struct path *out);

#endif
