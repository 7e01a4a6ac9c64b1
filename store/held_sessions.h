/* Which clients hold a session of which host, as far as this monitor saw it issued: what makes a
 * full handshake a missed resumption (SPEC 4). Bounded: of clients and hosts beyond HELD_SESSIONS
 * those seen longest ago are forgotten, and what they miss is not counted. */
#ifndef REPRISE_STORE_HELD_SESSIONS_H
#define REPRISE_STORE_HELD_SESSIONS_H

#include "store/cache.h"
#include "store/database.h"

#include "dissect/handshake.h"

enum {
    HELD_SESSIONS = 65536,
    HELD_SESSION_S = 300, /* of a session without a lifetime hint: OpenSSL's default */
};

struct held_sessions {
    struct database *db;
    struct cache *cache;
    bool is_loaded;
    int64_t data_version; /* of SQLite: it changes when another connection commits */
};

/* db: borrowed. On failure there is nothing to close. */
MUST_CHECK bool held_sessions_open(struct held_sessions *held, struct database *db,
                                   struct error *error);
void held_sessions_close(struct held_sessions *held);

/* To be called first in each transaction: reads again what the database has. */
MUST_CHECK bool held_sessions_begin(struct held_sessions *held, int64_t data_version,
                                    struct error *error);

/* After a rollback. */
void held_sessions_forget(struct held_sessions *held);

/* How an offer went, as the ledger settled it. */
struct held_offer {
    enum offer offered;
    enum outcome outcome;
    enum refusal_cause cause; /* a session offered after its time could not have been resumed */
};

/* Whether the client of a full handshake held a session that it could have resumed: issued and not
 * expired when the handshake began. */
enum missed held_sessions_missed(struct held_sessions *held, const struct handshake *handshake,
                                 int64_t host, const struct held_offer *offer);

/* Keeps what the handshake issued. */
void held_sessions_note(struct held_sessions *held, const struct handshake *handshake,
                        int64_t host);

#endif
