/* The write side of rollups: what reports need of handshakes that are stored, summed up by host for
 * blocks of ids (store/rollup_block.h), so that a report reads these, and only of the newest
 * handshakes, and of those at the edges of its period, each by itself.
 *
 * Table `rollup` has a row for each block that is summed up. When a handshake gets another cause,
 * its row is dropped with the commit (triggers, which our connections do not run, see to it when
 * another program changes or deletes one). What has no row is read by handshakes: a row may be
 * missing at any time. A block is summed up with the batch that ends it, in the same transaction,
 * and with it one older one whose row is missing; so many of them are then put together. */
#ifndef REPRISE_STORE_ROLLUPS_H
#define REPRISE_STORE_ROLLUPS_H

#include "store/database.h"
#include "store/handshake_row.h"

enum {
    ROLLUPS_BLOCK_BITS = 16, /* ids of a block: 2^16 */
    ROLLUPS_JOIN_BITS = 4,   /* so many blocks become one: 2^4 */
};

struct query;

struct rollup_row;

/* Memory: 112 bytes for each handshake of the newest block that was stored here, 8 MB at most. */
struct rollups {
    struct database *db;
    struct query *query; /* reads handshakes; opened when it is needed */
    unsigned block_bits;
    int64_t last_id;         /* of the handshake stored last; 0: none */
    int64_t last_session;    /* that was there at the last flush; -1: not known */
    int64_t blocks;          /* that were whole at the last flush; -1: not known */
    struct rollup_row *rows; /* the newest ones, ids without a gap */
    size_t count;
    size_t capacity;
    int64_t *changed; /* handshakes changed since the last flush, one of each block at least */
    size_t changed_count;
    size_t changed_capacity;
    bool is_all_changed; /* there was no memory for them */
};

/* db: borrowed. */
void rollups_open(struct rollups *rollups, struct database *db);
void rollups_close(struct rollups *rollups);

/* A handshake has its row. */
void rollups_note(struct rollups *rollups, const struct handshake_row *row, int64_t id);

/* After a rollback: what was noted is not in the database. */
void rollups_forget(struct rollups *rollups);

/* To be called before each commit. */
MUST_CHECK bool rollups_flush(struct rollups *rollups, struct error *error);

#endif
