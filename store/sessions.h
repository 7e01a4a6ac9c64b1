/* Sessions from issue to reuse: finds what a handshake offered among what was issued before,
 * counts how the offer went, and keeps what the handshake issued. */
#ifndef REPRISE_STORE_SESSIONS_H
#define REPRISE_STORE_SESSIONS_H

#include "store/session_index.h"

struct session_links {
    enum offer offered; /* final, as the next */
    enum outcome outcome;
    int64_t session_offered; /* session.id; HANDSHAKE_NULL: nothing was offered, as the next two */
    int64_t issued_id;
    int64_t issued_ticket;
    int64_t offered_bytes;
    int64_t age_s; /* HANDSHAKE_NULL: the issue was not seen, or lies in the future */
};

/* host, server: rows of their tables that the handshake belongs to. */
struct session_place {
    int64_t host;
    int64_t server;
};

/* Updates table session inside the open transaction. */
MUST_CHECK bool sessions_link(struct session_index *index, const struct handshake *handshake,
                              const struct session_place *place, struct session_links *out,
                              struct error *error);

#endif
