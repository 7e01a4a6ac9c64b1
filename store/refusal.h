/* Why an offer was refused, as far as one session and one handshake tell: all causes but a change
 * of key, which the newer tickets of the host tell (store/key_uses.h). PURE. */
#ifndef REPRISE_STORE_REFUSAL_H
#define REPRISE_STORE_REFUSAL_H

#include "dissect/handshake.h"

/* A session as it was issued. */
struct issued_session {
    int64_t lifetime_hint_s;
    int64_t host; /* rows */
    int64_t server;
    int64_t extended_master_secret; /* enum extended_master_secret */
    int64_t chain_length;           /* tickets up to and with this one; 1: it is no renewal */
    int64_t chain_start_ns;         /* when the first of them was issued */
};

/* The handshake that refused it. */
struct refusal {
    int64_t age_s; /* of the session; HANDSHAKE_NULL: not known */
    int64_t host;
    int64_t server;
    enum extended_master_secret extended_master_secret;
};

/* The first cause that holds, of all but REFUSAL_CAUSE_KEY_CHANGED; REFUSAL_CAUSE_EXPIRED comes
 * before that one, the others after it. */
enum refusal_cause refusal_cause_of(const struct issued_session *session,
                                    const struct refusal *refusal);

#endif
