/* The hosts that rows of handshakes name by id: read once each, not with every row. */
#ifndef REPRISE_STORE_HOST_NAMES_H
#define REPRISE_STORE_HOST_NAMES_H

#include "store/database.h"
#include "store/record.h"

enum { HOST_NAMES_KEPT = 4096 }; /* 1.2 MB, whatever the database holds */

struct host_names;

/* SELECT name, app of the host ?1. */
#define HOST_NAMES_READ "SELECT name, app FROM host WHERE id = ?1"

/* NULL without memory. */
MUST_CHECK struct host_names *host_names_new(void);
void host_names_free(struct host_names *names);

/* What is kept may be out of date. */
void host_names_forget(struct host_names *names);

/* Fills in out->host and out->app by out->host_id: both empty where no row has it. statement: the
 * number of HOST_NAMES_READ in db. */
MUST_CHECK bool host_names_fill(struct host_names *names, struct database *db, size_t statement,
                                struct record *out, struct error *error);

#endif
