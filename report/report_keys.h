/* Ticket keys of a period, read once for the two tellings of them that a page has. */
#ifndef REPRISE_REPORT_REPORT_KEYS_H
#define REPRISE_REPORT_REPORT_KEYS_H

#include "report/key_history.h"
#include "report/key_timeline.h"

#include "store/query.h"

#include "base/error.h"

struct report_keys {
    struct key_history *history; /* finished */
    struct key_timeline *timeline;
};

/* To be cleared. A failure leaves nothing behind. */
MUST_CHECK bool report_keys_read(struct report_keys *keys, struct query *query,
                                 const struct query_filter *filter, struct error *error);
void report_keys_clear(struct report_keys *keys);

#endif
