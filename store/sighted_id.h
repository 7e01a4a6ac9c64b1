/* What the dissector cannot decide: whether a session ID was an offer at all. A client that also
 * offers TLS 1.3 may have made it up (RFC 8446, D.4); if a server issued it before, it was offered
 * (SPEC 2). PURE. */
#ifndef REPRISE_STORE_SIGHTED_ID_H
#define REPRISE_STORE_SIGHTED_ID_H

#include "dissect/handshake.h"

/* Settles *offered and *outcome, which the dissector's are copied to, of a handshake with
 * id_needs_sighting; leaves those of any other. issued_ns: HANDSHAKE_NULL: never seen issued. */
void sighted_id_settle(const struct handshake *handshake, int64_t issued_ns, enum offer *offered,
                       enum outcome *outcome);

#endif
