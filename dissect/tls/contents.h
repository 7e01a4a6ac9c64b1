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

/* Zero-initialised. */
struct contents {
    struct session_hash id;
    struct session_hash ticket;
    struct session_hash psk[CONTENTS_IDENTITIES];
    struct ticket_shape ticket_shape;
    struct ticket_shape psk_shape[CONTENTS_IDENTITIES];
    uint32_t id_len;
    uint32_t ticket_len;
    uint32_t psk_len[CONTENTS_IDENTITIES];
    uint16_t selected_identity;
};

/* Names, version, suite and what is issued go into the record at once. */
void contents_after(struct contents *contents, struct keyed_hash *hash,
                    const struct tls_event *event, struct handshake *out);

/* The handshake is over and the record's offered and id_needs_sighting are settled: which session
 * was offered, and what was really issued. */
void contents_settle(const struct contents *contents, const struct verdict_state *verdict,
                     bool is_resumed_kind, struct handshake *out);

#endif
