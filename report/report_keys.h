/* Ticket keys of a period, read once for all that a report tells of them. */
#ifndef REPRISE_REPORT_REPORT_KEYS_H
#define REPRISE_REPORT_REPORT_KEYS_H

#include "report/key_history.h"
#include "report/key_owners.h"
#include "report/key_timeline.h"

#include "store/query.h"

#include "base/error.h"

struct report_keys {
    struct key_history *history; /* finished */
    struct key_timeline *timeline;
    struct key_owners *owners; /* report_keys_finish() makes it */
};

/* Once, after the last key was added to both. False without memory. */
MUST_CHECK bool report_keys_finish(struct report_keys *keys);

/* To be cleared. A failure leaves nothing behind. */
MUST_CHECK bool report_keys_read(struct report_keys *keys, struct query *query,
                                 const struct query_filter *filter, struct error *error);
void report_keys_clear(struct report_keys *keys);

#endif
