/* What IDs, tickets and PSKs cost in a period: reads its handshakes, then its sessions. */
#ifndef REPRISE_REPORT_REPORT_MECHANISMS_H
#define REPRISE_REPORT_REPORT_MECHANISMS_H

#include "report/mechanisms.h"

#include "store/query.h"

#include "base/error.h"

/* Finished; to be freed with mechanisms_free(). NULL and a sentence where it could not be read. */
MUST_CHECK struct mechanisms *
report_mechanisms_read(struct query *query, const struct query_filter *filter, struct error *error);

/* For those who have added the handshakes themselves: adds the sessions, of these hosts or, where
 * it is NULL, of all, and finishes. */
MUST_CHECK bool report_mechanisms_read_sessions(struct query *query,
                                                const struct query_filter *filter,
                                                const struct query_hosts *of,
                                                struct mechanisms *mechanisms, struct error *error);

#endif
