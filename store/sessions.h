/* The ledger of sessions, from issue to reuse. COORDINATOR: finds what a handshake offered among
 * what was issued before, counts how the offer went and says why it was refused, keeps what the
 * handshake issued, under which ticket key, and in which chain of renewals. */
#ifndef REPRISE_STORE_SESSIONS_H
#define REPRISE_STORE_SESSIONS_H

#include "store/held_sessions.h"
#include "store/key_uses.h"
#include "store/refusal.h"
#include "store/session_index.h"
#include "store/ticket_keys.h"

struct pending;

struct sessions {
    struct pending *pending; /* rows of the running batch */
    struct session_index index;
    struct key_uses uses;
    struct ticket_keys keys;
    struct held_sessions held;
};

/* Before the statements are prepared. pending: borrowed. On failure there is nothing to close. */
MUST_CHECK bool sessions_open(struct sessions *sessions, struct pending *pending,
                              struct error *error);
void sessions_close(struct sessions *sessions);

/* The key of the database, once it is known: before the first sessions_link(). */
MUST_CHECK bool sessions_use_key(struct sessions *sessions, const uint8_t session_key[16],
                                 struct error *error);

/* To be called first in each transaction, and last before its commit. */
MUST_CHECK bool sessions_begin(struct sessions *sessions, int64_t data_version,
                               struct error *error);
MUST_CHECK bool sessions_flush(struct sessions *sessions, struct error *error);

/* After a rollback: what is in memory may not be in the database. */
void sessions_forget(struct sessions *sessions);

struct session_links {
    enum offer offered; /* final, as the next */
    enum outcome outcome;
    int64_t session_offered; /* session.id; HANDSHAKE_NULL: nothing was offered, as the next two */
    int64_t issued_id;
    int64_t issued_ticket;
    int64_t offered_bytes;
    int64_t age_s; /* HANDSHAKE_NULL: the issue was not seen, or lies in the future */
    /* As one session tells. A change of key is found at the commit: it then takes the place of
     * cause_without_key, which is kept in case it is taken back. */
    enum refusal_cause refusal_cause;
    enum refusal_cause cause_without_key; /* REFUSAL_CAUSE_NONE: no key can be the cause */
    enum missed missed;
    char key_name[TICKET_KEY_TEXT_BYTES]; /* as known now; "": none */
};

/* Rows of their tables that the handshake belongs to, and the client's address. */
struct session_place {
    int64_t host;
    int64_t server;
    const uint8_t *client; /* 16 bytes */
};

/* Updates table session inside the open transaction. */
MUST_CHECK bool sessions_link(struct sessions *sessions, const struct handshake *handshake,
                              const struct session_place *place, struct session_links *out,
                              struct error *error);

/* The handshake that was linked last has its row. */
void sessions_note_row(struct sessions *sessions, int64_t handshake);

#endif
