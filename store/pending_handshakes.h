/* The last handshakes of a batch, in memory: one statement then writes all of them. They have their
 * ids from the start. */
#ifndef REPRISE_STORE_PENDING_HANDSHAKES_H
#define REPRISE_STORE_PENDING_HANDSHAKES_H

#include "store/handshake_row.h"
#include "store/row_table.h"

#define PENDING_HANDSHAKES "pending_handshakes"

/* Few enough to stay in the processor's cache, and to be written while others are dissected. */
enum { PENDING_HANDSHAKES_MAX = 250 };

struct pending_handshakes {
    struct database *db;
    struct row_table table;
    struct handshake_values *rows;
    int64_t next_id;
    int64_t data_version; /* of SQLite: it changes when another connection commits */
    bool is_loaded;
};

/* Before the statements are prepared. db: borrowed, as is this until the database is closed. On
 * failure there is nothing to close. */
MUST_CHECK bool pending_handshakes_open(struct pending_handshakes *pending, struct database *db,
                                        struct error *error);
void pending_handshakes_close(struct pending_handshakes *pending);

/* To be called first in each transaction: finds out which id comes next. */
MUST_CHECK bool pending_handshakes_begin(struct pending_handshakes *pending, int64_t data_version,
                                         struct error *error);

/* After a rollback. */
void pending_handshakes_forget(struct pending_handshakes *pending);

MUST_CHECK bool pending_handshakes_add(struct pending_handshakes *pending,
                                       const struct handshake_row *row, int64_t *id,
                                       struct error *error);

/* Writes them: before SQL looks at handshakes, and before the commit. */
MUST_CHECK bool pending_handshakes_flush(struct pending_handshakes *pending, struct error *error);

#endif
