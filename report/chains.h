/* Tickets in rows of renewals, of one host at a time: a resumption with one ticket issues the next.
 * A row is told by its last ticket; one that two resumptions renewed begins two rows. PURE.
 *
 * Memory: 16 bytes for each row of one host. */
#ifndef REPRISE_REPORT_CHAINS_H
#define REPRISE_REPORT_CHAINS_H

#include "base/attributes.h"

#include "store/record.h"

#include <stdbool.h>
#include <stdint.h>

/* {0} at first; chains_clear() ends it. */
struct chains {
    int64_t *lengths;
    int64_t *spans_s;
    size_t count;
    size_t length_capacity;
    size_t span_capacity;
};

/* Of rows of at least two tickets. HANDSHAKE_NULL where there is none, or no span is known. */
struct chain_figures {
    uint64_t count;
    int64_t longest;
    int64_t median;
    int64_t longest_s; /* from the issue of the first ticket to that of the last one */
    int64_t median_s;  /* medians: of two in the middle, halfway, rounded down */
};

/* False without memory: the session is not counted. */
MUST_CHECK bool chains_add(struct chains *chains, const struct session_record *session);

/* Of what was added so far; begins anew for another host. */
void chains_finish(struct chains *chains, struct chain_figures *out);

void chains_clear(struct chains *chains);

#endif
