/* The report's tables: one line a group, the figures in columns. */
#ifndef REPRISE_REPORT_TEXT_TABLE_H
#define REPRISE_REPORT_TEXT_TABLE_H

#include "report/report.h"
#include "report/summary.h"

/* Each table after an empty line; without those in which no group has anything to say. */
void text_tables(FILE *out, const struct summary *summary, const struct report_options *options,
                 const struct figures *total);

#endif
