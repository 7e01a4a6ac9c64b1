/* Reads what advice needs beside the handshakes of a summary (report/advice.h). */
#ifndef REPRISE_REPORT_ADVISING_H
#define REPRISE_REPORT_ADVISING_H

#include "report/advice.h"

#include "store/query.h"

/* The caller's, to advice_free(). NULL and a sentence when the database cannot be read, or without
 * memory. */
MUST_CHECK struct advice *advising_read(struct query *query, const struct query_filter *filter,
                                        const struct summary *summary,
                                        struct host_counts_table *counts, struct error *error);

#endif
