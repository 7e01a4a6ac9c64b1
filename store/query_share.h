/* The read side of a connection that the write side owns. */
#ifndef REPRISE_STORE_QUERY_SHARE_H
#define REPRISE_STORE_QUERY_SHARE_H

#include "store/database.h"

struct query;

/* query_close() leaves the owner's connection open; it must come first. */
MUST_CHECK struct query *query_share(const struct database *owner, struct error *error);

/* How many steps of SQLite's machine its statements have taken: what they cost, whatever the clock
 * says. */
int64_t query_steps(const struct query *query);

#endif
