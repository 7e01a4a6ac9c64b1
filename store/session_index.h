/* Finds the row of a session by its hash.
 *
 * Hashes are random, so an index of them touches a page of its own for nearly every new session:
 * written out with each batch, that would cost more than all other tables together. So the
 * newest sessions, up to SESSION_INDEX_RECENT, are looked up in memory, and go into the index on
 * disk in bulk, in its order. Which are on disk is kept in the database, and the others are
 * read again at the start: nothing is lost with the process. */
#ifndef REPRISE_STORE_SESSION_INDEX_H
#define REPRISE_STORE_SESSION_INDEX_H

#include "store/pending_sessions.h"

enum {
    SESSION_INDEX_RECENT = 65536,
    SESSION_INDEX_TAG_BYTES = 8, /* what the index on disk keeps of a hash */
};

struct recent_session;

struct session_index {
    struct database *db;
    struct pending_sessions *pending; /* rows of the running batch */
    struct recent_session *slots;     /* open addressing; the hash is its own hash */
    size_t count;
    bool has_older; /* some sessions are in the index on disk */
    bool is_loaded;
    int64_t data_version; /* of SQLite: it changes when another connection commits */
};

/* db, pending: borrowed. On failure there is nothing to close. */
MUST_CHECK bool session_index_open(struct session_index *index, struct database *db,
                                   struct pending_sessions *pending, struct error *error);
void session_index_close(struct session_index *index);

/* To be called first in each transaction: catches up with what other writers added. */
MUST_CHECK bool session_index_begin(struct session_index *index, int64_t data_version,
                                    struct error *error);

/* After a rollback: what is in memory may not be in the database. */
void session_index_forget(struct session_index *index);

struct known_session {
    int64_t id;        /* HANDSHAKE_NULL: there is none */
    int64_t issued_ns; /* HANDSHAKE_NULL: its issue was not seen */
};

MUST_CHECK bool session_index_find(struct session_index *index, const struct session_hash *hash,
                                   struct known_session *out, struct error *error);

/* A session that was not found and is now a row; or one that was found, whose issue is now
 * known. */
MUST_CHECK bool session_index_put(struct session_index *index, const struct session_hash *hash,
                                  const struct known_session *session, struct error *error);

#endif
