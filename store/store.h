/* The write side of the database: one writer, rows in batches, one transaction per batch. */
#ifndef REPRISE_STORE_STORE_H
#define REPRISE_STORE_STORE_H

#include "store/record.h"

#include "base/error.h"

struct store;

/* Opens or makes the database (":memory:" too), migrates it, begins a batch. NULL and a sentence
 * when the file is not ours (application_id), of a newer schema, locked, unreadable: nothing is
 * changed then. */
MUST_CHECK struct store *store_open(const char *path, struct error *error);

/* Commits what is open and closes. The store is gone whatever is returned. */
MUST_CHECK bool store_close(struct store *store, struct error *error);

/* The 16-byte key of this database's session hashes. Borrowed. */
const uint8_t *store_session_key(const struct store *store);

/* Begins a run; its id goes into every handshake added from now on. */
MUST_CHECK bool store_begin_run(struct store *store, const struct run_record *run,
                                struct error *error);
/* Writes the run's counters as they are now (ended_ns HANDSHAKE_NULL: it goes on). */
MUST_CHECK bool store_update_run(struct store *store, const struct run_record *run,
                                 struct error *error);

/* Whether a host (by the name that record.host will have) is known already; if not, its
 * application should be looked up and given to store_add. */
bool store_knows_host(struct store *store, const char *host);

/* The name of the host of a handshake: its SNI in lower case, or "address:port". */
void store_host_name(const struct handshake *handshake, char out[272]);

/* Adds one handshake: links the offered session to its issue, settles offered and outcome where
 * the dissector could not (id_needs_sighting), keeps what was issued. app: label of a new host,
 * NULL or "" for none. *out (may be NULL) is the record as stored. Commits when the batch is
 * full: STORE_BATCH_ROWS. */
MUST_CHECK bool store_add(struct store *store, const struct handshake *handshake, const char *app,
                          struct record *out, struct error *error);

enum { STORE_BATCH_ROWS = 5000 };

/* Makes everything added so far durable and visible to readers. To be called at least once a
 * second while rows are waiting. */
MUST_CHECK bool store_commit(struct store *store, struct error *error);

/* The same database for the reading side, within this process (an in-memory database has no
 * other way in): see query_open_store(). */
struct query;
MUST_CHECK struct query *store_query(struct store *store, struct error *error);

#endif
