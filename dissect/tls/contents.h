/* What the hellos and the ticket leave in the record: names, version, suite, and the hashes that
 * stand for what was offered and what was issued. A fold over TLS events, beside the verdict. */
#ifndef REPRISE_DISSECT_TLS_CONTENTS_H
#define REPRISE_DISSECT_TLS_CONTENTS_H

#include "dissect/handshake.h"
#include "dissect/tls/event.h"
#include "dissect/tls/verdict.h"

#include "base/keyed_hash.h"

/* PSK identities whose hash is kept, in case the server selects one that is not the first. */
enum { CONTENTS_IDENTITIES = 4 };

/* A ticket or PSK identity that was offered. */
struct contents_offer {
    struct session_hash hash;
    struct ticket_shape shape;
    uint32_t len;
};

/* What the flag and the count say is not there means nothing. */
struct contents {
    bool has_ticket;
    uint8_t psk_count;
    uint16_t selected_identity;
    struct contents_offer ticket;
    struct contents_offer psk[CONTENTS_IDENTITIES];
};

void contents_init(struct contents *contents);

/* Names, version, suite and the ticket that is issued go into the record at once. */
void contents_after(struct contents *contents, const struct keyed_hash *hash,
                    const struct tls_event *event, struct handshake *out);

/* The handshake is over and the record's offered and id_needs_sighting are settled: which session
 * was offered, and what was really issued. The verdict has the session IDs: only those that come
 * to the record are hashed. */
void contents_settle(const struct contents *contents, const struct keyed_hash *hash,
                     const struct verdict_state *verdict, bool is_resumed_kind,
                     struct handshake *out);

#endif
