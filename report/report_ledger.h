/* What the ledger of sessions knows of hosts, beside the figures of a report: read where a format
 * tells of it. */
#ifndef REPRISE_REPORT_REPORT_LEDGER_H
#define REPRISE_REPORT_REPORT_LEDGER_H

#include "report/conduct.h"
#include "report/mechanisms.h"
#include "report/report_keys.h"

#include "store/query.h"

/* Members are NULL where this format does not tell of them. */
struct report_ledger {
    struct conduct *conduct; /* finished, as all of them */
    struct mechanisms *mechanisms;
    struct report_keys keys;
};

/* {0} is cleared. */
void report_ledger_clear(struct report_ledger *ledger);

/* Adds the offers of the period, of these hosts or, where it is NULL, of all. */
MUST_CHECK bool report_ledger_read_offers(struct query *query, const struct query_filter *filter,
                                          const struct query_hosts *of, struct conduct *conduct,
                                          struct error *error);

#endif
