/* Finds the row of a session by its hash.
 *
 * Hashes are random, so an index of them touches a page of its own for nearly every new session:
 * written out with each batch, that would cost more than all other tables together. So the
 * newest sessions, up to SESSION_INDEX_RECENT, are looked up in memory, and go into the index on
 * disk in bulk, in its order. Which are on disk is kept in the database, and the others are
 * read again at the start: nothing is lost with the process. The more are kept in memory, the more
 * of them go to each page of the index; 262144 cost 16 MiB, as far as there are so many. */
#ifndef REPRISE_STORE_SESSION_INDEX_H
#define REPRISE_STORE_SESSION_INDEX_H

#include "store/pending_sessions.h"
#include "store/session_filter.h"

enum {
    SESSION_INDEX_RECENT = 262144,
};

/* What the index on disk keeps of a hash: its first four bytes as a number, less 2^31. The hash
 * itself is compared in the row: of ten million sessions one lookup in 400 looks at another's row,
 * too. */
int64_t session_index_tag(const uint8_t hash[16]);

#define SESSION_INDEX_MERGED "merged_sessions"

struct recent_session;

struct session_index {
    struct database *db;
    struct pending_sessions *pending; /* rows of the running batch */
    struct recent_session *recent;    /* in the order they came */
    size_t count;
    uint32_t *slots; /* open addressing, the hash is its own hash: 1 + the number of one; 0: none */
    size_t slot_count;            /* a power of two, twice what `recent` has room for */
    struct row_table merged;      /* those on their way to the index on disk */
    struct session_filter filter; /* of those that are there */
    int64_t indexed;              /* the last of them; 0: none */
    bool is_loaded;
    int64_t data_version; /* of SQLite: it changes when another connection commits */
};

/* Before the statements are prepared. db, pending: borrowed, as is this until the database is
 * closed. On failure there is nothing to close. */
MUST_CHECK bool session_index_open(struct session_index *index, struct database *db,
                                   struct pending_sessions *pending, struct error *error);
void session_index_close(struct session_index *index);

/* To be called first in each transaction: catches up with what other writers added. */
MUST_CHECK bool session_index_begin(struct session_index *index, int64_t data_version,
                                    struct error *error);

/* To be called last in each transaction. */
MUST_CHECK bool session_index_flush(struct session_index *index, struct error *error);

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
