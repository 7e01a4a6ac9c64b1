/* What rollups keep of offers that did not go as was promised, beside what is kept by host. Private
 * to store/rollups.c. */
#ifndef REPRISE_STORE_ROLLUP_OFFERS_H
#define REPRISE_STORE_ROLLUP_OFFERS_H

#include "store/packing.h"
#include "store/query_parts.h"

/* Appends those of these handshakes: store/packed_offers.h. */
MUST_CHECK bool rollup_offers_pack(struct query *query, const struct id_range *ids,
                                   struct packing_writer *out, struct error *error);

/* session.id of the newest one; 0: there is none, -1: it could not be read. */
int64_t rollup_offers_last_session(struct database *db);

/* A ticket is replaced when a renewal of it is stored, which may be after a later offer of it:
 * begins to read such offers of blocks that are summed up. Of renewals after the session `since`.
 */
void rollup_offers_begin_replaced(struct database *db, int64_t since);
MUST_CHECK enum database_step rollup_offers_next_replaced(struct database *db, int64_t *handshake,
                                                          struct error *error);

#endif
