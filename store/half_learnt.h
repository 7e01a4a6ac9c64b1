/* What is half learnt of how the tickets of servers begin (store/ticket_learner.h): table
 * ticket_beginning, and the servers seen last in memory. A server is read when its first ticket
 * comes, and what a batch changed is written when the batch is committed: so it makes no
 * difference where one run of the program ends and the next begins.
 *
 * Bounded: of each server the tickets seen last that begin like nothing known, in the database
 * those of the servers seen last. */
#ifndef REPRISE_STORE_HALF_LEARNT_H
#define REPRISE_STORE_HALF_LEARNT_H

#include "store/database.h"
#include "store/ticket_learner.h"

enum {
    HALF_LEARNT_IN_MEMORY = 2048, /* servers */
    HALF_LEARNT_KEPT = 4096,      /* servers in the database, ... */
    HALF_LEARNT_SLACK = 2048,     /* and so many more before the oldest are dropped together */
};

struct half_learnt_server;

struct half_learnt {
    struct database *db;
    struct half_learnt_server *servers; /* in the order they came */
    size_t count;
    uint16_t *places; /* sets of a few, filled from the front: 1 + the number of one; 0: none */
    uint16_t *listed; /* numbers of those to look at when the batch ends */
    size_t listed_count;
    uint64_t now;         /* counts tickets, across runs */
    int64_t kept;         /* servers with rows: those counted, and those added since */
    bool is_counted;      /* now and kept are known */
    bool has_unread;      /* some server that is not in memory may have rows */
    int64_t data_version; /* of SQLite: it changes when another connection commits */
};

/* db: borrowed. On failure there is nothing to close. */
MUST_CHECK bool half_learnt_open(struct half_learnt *half, struct database *db,
                                 struct error *error);
void half_learnt_close(struct half_learnt *half);

/* To be called first in each transaction, and last before its commit. */
void half_learnt_begin(struct half_learnt *half, int64_t data_version);
MUST_CHECK bool half_learnt_flush(struct half_learnt *half, struct error *error);

/* After a rollback: what is in memory may not be in the database. */
void half_learnt_forget(struct half_learnt *half);

/* ticket_learner_add() to the state of the server (its row). */
MUST_CHECK bool half_learnt_add(struct half_learnt *half, int64_t server,
                                const struct learner_ticket *ticket, struct learner_key *out,
                                struct error *error);

#endif
