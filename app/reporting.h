/* What report, handshakes and tickets share: a database in, a filter, a format, an output. */
#ifndef REPRISE_APP_REPORTING_H
#define REPRISE_APP_REPORTING_H

#include "app/options.h"

/* One of report_summary, report_handshakes, report_tickets. */
typedef bool reporting_function(struct query *query, const struct report_options *options,
                                FILE *out, struct error *error);

/* Opens the database of the settings for reading and writes the report to their output. */
MUST_CHECK enum status reporting_run(const struct settings *settings, reporting_function *report,
                                     struct error *error);

/* The same with other options than the settings'. */
MUST_CHECK enum status reporting_run_with(const struct settings *settings,
                                          const struct report_options *options,
                                          reporting_function *report, struct error *error);

/* The same from a query that is open already. */
MUST_CHECK enum status reporting_write(struct query *query, const struct settings *settings,
                                       const struct report_options *options,
                                       reporting_function *report, struct error *error);

/* A check for option tables: a database was given, the period is not empty. */
MUST_CHECK bool reporting_check(struct settings *settings, struct error *error);

#endif
