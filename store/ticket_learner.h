/* How the tickets of a server begin, learnt from the tickets themselves: nobody says which bytes
 * are the name of a key, nor that there are any. PURE: the state of one server, one ticket more.
 *
 * A name is what at least TICKET_LEARNER_TICKETS different tickets of one server share, and it is
 * as long as the name in a layout that all of them fit: 16 bytes or 4. Where the bytes behind it
 * are alike as well, there is no room for an IV, and what the tickets share is no name - unless
 * their layout is beyond doubt. The state holds no byte of a ticket, only marks of how it begins:
 * so it can be kept in the database (store/half_learnt.h), and what was read back there is as good
 * as what was seen by this process. */
#ifndef REPRISE_STORE_TICKET_LEARNER_H
#define REPRISE_STORE_TICKET_LEARNER_H

#include "store/key_use.h"
#include "store/ticket_marks.h"

enum {
    TICKET_LEARNER_TICKETS = 3,
    TICKET_LEARNER_CANDIDATES = 6, /* of each server */
    TICKET_KEY_NAME_BYTES = 16,    /* at most */
};

/* One ticket, at one server. */
struct learner_ticket {
    int64_t session; /* its row: tells tickets apart */
    int64_t host;
    uint16_t layouts; /* that it fits; read back: that all of its candidate fit */
    uint8_t warnings; /* 1u << enum ticket_warning: those of the ticket alone */
    struct ticket_marks marks;
    struct key_use use; /* how it was seen, for this host */
};

/* Tickets that begin alike: one fewer than make a key. */
struct learner_candidate {
    uint64_t used; /* when last; 0: empty */
    uint8_t count;
    uint8_t name_bytes; /* 0: one ticket does not tell */
    uint16_t layouts;
    bool is_changed; /* by ticket_learner_add() */
    struct learner_ticket tickets[TICKET_LEARNER_TICKETS - 1];
};

/* All zero: nothing seen yet. */
struct learner_server {
    struct learner_candidate candidates[TICKET_LEARNER_CANDIDATES];
};

struct learner_key {
    uint8_t name_bytes; /* what the last ticket begins with is the name; 0: no key yet */
    uint16_t layouts;   /* that all tickets fit */
    struct learner_ticket tickets[TICKET_LEARNER_TICKETS];
};

/* A ticket whose key is not known, at a time that is later with each call. When it makes one known,
 * *out is that key with its tickets, which the server's state has then forgotten. */
void ticket_learner_add(struct learner_server *server, const struct learner_ticket *ticket,
                        uint64_t now, struct learner_key *out);

/* The layouts (1u << enum ticket_layout) whose names have so many bytes. */
uint16_t ticket_layouts_named_by(uint8_t name_bytes);

#endif
