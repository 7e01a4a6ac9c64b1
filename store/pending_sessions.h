/* Rows of table session, on their way there. What a batch adds is in memory until it is committed,
 * and changes there: one statement then writes all of it. What is added to sessions of earlier
 * batches is their offers, summed (store/session_offers.h); anything else happens to few of them,
 * and at once. */
#ifndef REPRISE_STORE_PENDING_SESSIONS_H
#define REPRISE_STORE_PENDING_SESSIONS_H

#include "store/row_table.h"
#include "store/session_offers.h"
#include "store/session_row.h"

#define PENDING_SESSIONS "pending_sessions"

enum { PENDING_SESSIONS_MAX = 8192 };

struct pending_sessions {
    struct database *db;
    struct row_table table;
    struct session_values *rows;
    int64_t first_id; /* of the rows in memory, which follow each other */
    struct session_offers offers;
    int64_t data_version; /* of SQLite: it changes when another connection commits */
    bool is_loaded;
};

/* Before the statements are prepared. db: borrowed, as is this until the database is closed. On
 * failure there is nothing to close. */
MUST_CHECK bool pending_sessions_open(struct pending_sessions *pending, struct database *db,
                                      struct error *error);
void pending_sessions_close(struct pending_sessions *pending);

/* To be called first in each transaction: finds out which id comes next. */
MUST_CHECK bool pending_sessions_begin(struct pending_sessions *pending, int64_t data_version,
                                       struct error *error);

/* After a rollback. */
void pending_sessions_forget(struct pending_sessions *pending);

/* Writes everything: before SQL looks at sessions, and before the commit. */
MUST_CHECK bool pending_sessions_flush(struct pending_sessions *pending, struct error *error);

/* A session that has no row yet. */
MUST_CHECK bool pending_sessions_add(struct pending_sessions *pending,
                                     const struct session_row *row, int64_t *id,
                                     struct error *error);

/* The issue of one that has, from an offer or a later issue. */
MUST_CHECK bool pending_sessions_issue(struct pending_sessions *pending, int64_t id,
                                       const struct session_row *row, struct error *error);

MUST_CHECK bool pending_sessions_offer(struct pending_sessions *pending,
                                       const struct session_offer *offer, struct error *error);

/* As it was issued. */
MUST_CHECK bool pending_sessions_read(struct pending_sessions *pending, int64_t id,
                                      struct issued_session *out, struct error *error);

/* Issued to this client as well: *is_new says whether that is news. */
MUST_CHECK bool pending_sessions_share(struct pending_sessions *pending, int64_t id,
                                       const uint8_t client[16], bool *is_new, struct error *error);

/* Its key became known. */
MUST_CHECK bool pending_sessions_set_key(struct pending_sessions *pending, int64_t id, int64_t key,
                                         int64_t iv, struct error *error);

MUST_CHECK bool pending_sessions_warn(struct pending_sessions *pending, int64_t id,
                                      enum ticket_warning warning, struct error *error);

#endif
