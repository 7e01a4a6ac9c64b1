/* How the tickets of a server begin, learnt from the tickets themselves: nobody says which bytes
 * are the name of a key, nor that there are any.
 *
 * A name is what at least TICKET_LEARNER_TICKETS different tickets of one server share, and it is
 * as long as the name in a layout that all of them fit: 16 bytes or 4. Where the bytes behind it
 * are alike as well, there is no room for an IV, and what the tickets share is no name - unless
 * their layout is beyond doubt. Memory is fixed: the servers seen last, and for each the tickets
 * seen last that begin like nothing known. Nothing of it goes into a database, and with the
 * process it is gone. */
#ifndef REPRISE_STORE_TICKET_LEARNER_H
#define REPRISE_STORE_TICKET_LEARNER_H

#include "store/key_use.h"

#include "dissect/handshake.h"

enum {
    TICKET_LEARNER_TICKETS = 3,
    TICKET_LEARNER_SERVERS = 2048,
    TICKET_LEARNER_CANDIDATES = 6, /* of each server */
    TICKET_KEY_NAME_BYTES = 16,    /* at most */
};

/* One ticket, at one server. */
struct learner_ticket {
    uint64_t tag;    /* tells tickets apart: the beginning of its hash */
    int64_t session; /* its row */
    int64_t host;
    struct ticket_shape shape;
    struct key_use use; /* how it was seen, for this host */
};

struct learner_key {
    uint8_t name[TICKET_KEY_NAME_BYTES];
    uint8_t name_bytes;
    uint16_t layouts; /* that all tickets fit */
    struct learner_ticket tickets[TICKET_LEARNER_TICKETS];
};

struct ticket_learner;

/* NULL without memory. */
MUST_CHECK struct ticket_learner *ticket_learner_new(void);
void ticket_learner_free(struct ticket_learner *learner);

/* Forgets everything: the sessions' rows may be gone. */
void ticket_learner_clear(struct ticket_learner *learner);

/* A ticket whose key is not known. True when it made one known: *out is that key with its tickets,
 * which the learner has then forgotten. */
MUST_CHECK bool ticket_learner_add(struct ticket_learner *learner, int64_t server,
                                   const struct learner_ticket *ticket, struct learner_key *out);

/* The layouts (1u << enum ticket_layout) whose names have so many bytes. */
uint16_t ticket_layouts_named_by(uint8_t name_bytes);

#endif
