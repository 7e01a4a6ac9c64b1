/* What a batch adds, in memory until it is committed, or until SQL has to see it. */
#ifndef REPRISE_STORE_PENDING_H
#define REPRISE_STORE_PENDING_H

#include "store/pending_handshakes.h"
#include "store/pending_sessions.h"

struct pending {
    struct pending_handshakes handshakes;
    struct pending_sessions sessions;
};

/* Before the statements are prepared. db: borrowed, as is this until the database is closed. On
 * failure there is nothing to close. */
MUST_CHECK bool pending_open(struct pending *pending, struct database *db, struct error *error);
void pending_close(struct pending *pending);

/* To be called first in each transaction. */
MUST_CHECK bool pending_begin(struct pending *pending, int64_t data_version, struct error *error);

/* After a rollback. */
void pending_forget(struct pending *pending);

/* Writes everything: before SQL looks at handshakes or sessions, and before the commit. */
MUST_CHECK bool pending_flush(struct pending *pending, struct error *error);

#endif
