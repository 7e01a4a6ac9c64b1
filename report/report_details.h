/* What is told of the first groups of a summary only, where hosts came summed up: reads these hosts
 * once more, for their pictures and what they offer and issue. */
#ifndef REPRISE_REPORT_REPORT_DETAILS_H
#define REPRISE_REPORT_REPORT_DETAILS_H

#include "report/mechanisms.h"
#include "report/summary.h"

#include "base/error.h"

/* Adds these hosts to both, and ends what query_rollups() has begun. */
MUST_CHECK bool report_details_read(struct query *query, const struct query_hosts *hosts,
                                    struct summary *summary, struct mechanisms *mechanisms,
                                    struct error *error);

/* The ids of the hosts at these places, in order; to be freed. NULL without memory. */
MUST_CHECK int64_t *report_details_hosts(const struct summary *summary, size_t count);

#endif
