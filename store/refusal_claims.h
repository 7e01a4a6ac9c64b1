/* Refusals that a change of ticket key explains, and those that it was thought to explain: the
 * SQL of `key-changed`. The rule itself is told in store/ledger_sql.h. */
#ifndef REPRISE_STORE_REFUSAL_CLAIMS_H
#define REPRISE_STORE_REFUSAL_CLAIMS_H

#include "store/database.h"

#include "base/attributes.h"

#include <stdbool.h>

/* Whether any refusal is put down to a change of key. */
MUST_CHECK bool refusal_claims_exist(struct database *db, bool *out, struct error *error);

struct refusals {
    int64_t key; /* rows */
    int64_t host;
    int64_t server;
    int64_t from_handshake; /* and later rows; 0: all */
};

/* Decides anew which refusals of the host at the server the change of a key explains. Nothing can,
 * where no other key than this one was seen. *may_exist becomes true when there is one. */
MUST_CHECK bool refusal_claims_judge(struct database *db, const struct refusals *refusals,
                                     bool *may_exist, struct error *error);

/* The same of refusals whose tickets' keys are not known; refusals->key does not matter. */
MUST_CHECK bool refusal_claims_judge_unknown(struct database *db, const struct refusals *refusals,
                                             bool *may_exist, struct error *error);

/* The host accepted the key: refusals before that had another cause. */
MUST_CHECK bool refusal_claims_take_back(struct database *db, int64_t key, int64_t host,
                                         int64_t accepted_ns, struct error *error);

/* The host issued or accepted a ticket without a known key: what was refused before that, without a
 * known key too, may be under the same one. */
MUST_CHECK bool refusal_claims_take_back_unknown(struct database *db, int64_t host, int64_t seen_ns,
                                                 struct error *error);

#endif
