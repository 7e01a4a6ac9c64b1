/* The write side of the database: one writer, rows in batches, one transaction per batch. */
#ifndef REPRISE_STORE_STORE_H
#define REPRISE_STORE_STORE_H

#include "store/record.h"

#include "base/error.h"

struct store;

enum {
    STORE_BATCH_ROWS = 5000,
    STORE_BUSY_MS = 5000, /* how long a writer waits for another one */
};

/* Opens or makes the database (":memory:" too; a new file has mode 0640) and migrates it. NULL and
 * a sentence when the file is not ours (application_id), of a newer schema, locked by another
 * writer, not writable or damaged: nothing is changed then. */
MUST_CHECK struct store *store_open(const char *path, struct error *error);

/* The same, giving up on a lock after busy_ms: here and in every later call. */
MUST_CHECK struct store *store_open_within(const char *path, int busy_ms, struct error *error);

/* Commits what is open and closes. The store is gone whatever is returned. NULL is allowed. */
MUST_CHECK bool store_close(struct store *store, struct error *error);

/* The 16-byte key of this database's session hashes. Borrowed. */
const uint8_t *store_session_key(const struct store *store);

/* Sums up by blocks of 2^block_bits ids (store/rollups.h), which are 2^16 otherwise: so that a test
 * need not store as many. */
void store_sum_up_by(struct store *store, unsigned block_bits);

/* Begins a run: its id goes into every handshake added from now on. Before the first store_add.
 * run->id is not looked at. */
MUST_CHECK bool store_begin_run(struct store *store, const struct run_record *run,
                                struct error *error);
/* Writes the current run's figures as they are now (ended_ns HANDSHAKE_NULL: it goes on), and what
 * it did not analyse: names once written stay. */
MUST_CHECK bool store_update_run(struct store *store, const struct run_record *run,
                                 struct error *error);

/* The name of the host of a handshake: its SNI in lower case, or "address:port", for IPv6
 * "[address]:port". */
void store_host_name(const struct handshake *handshake, struct wire_text *out);

/* Adds one handshake: links the offered session to its issue, settles offered and outcome where
 * the dissector could not (id_needs_sighting), keeps what was issued. *out (may be NULL) is the
 * record as stored; its app is empty, whether the host has one or not. Commits when the batch is
 * full: STORE_BATCH_ROWS.
 *
 * A failure, here or below, loses the rows added since the last commit, and no others; the
 * sentence says how many. The store stays usable: a disk may have room again. */
MUST_CHECK bool store_add(struct store *store, const struct handshake *handshake,
                          struct record *out, struct error *error);

/* The next host whose application was not looked up yet, in the order that they came in; id 0:
 * there is none. */
MUST_CHECK bool store_next_unlabelled(struct store *store, struct host_record *out,
                                      struct error *error);
/* That host was looked up: it will not come again. app: NULL or "" for none. Part of the batch, as
 * a handshake is. */
MUST_CHECK bool store_label(struct store *store, const struct host_record *host, const char *app,
                            struct error *error);

/* Makes everything added so far durable and visible to readers. To be called at least once a
 * second while rows are waiting: until then they hold the lock that other writers wait for. */
MUST_CHECK bool store_commit(struct store *store, struct error *error);

/* The same database for the reading side, within this process (an in-memory database has no
 * other way in). Commits first; what is added later is seen when it is committed. Shares the
 * store's connection: close it (query_close) before the store. */
struct query;
MUST_CHECK struct query *store_query(struct store *store, struct error *error);

/* SQLite's: "3.40.1". Static text. */
const char *store_library_version(void);

#endif
