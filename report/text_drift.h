/* The report's change points: since when a group's handshakes are resumed more, or less, often. */
#ifndef REPRISE_REPORT_TEXT_DRIFT_H
#define REPRISE_REPORT_TEXT_DRIFT_H

#include "report/report.h"
#include "report/summary.h"
#include "report/text_page.h"

/* After an empty line; nothing at all where no group that is shown has a change. */
void text_drift(FILE *out, const struct summary *summary, const struct report_options *options);

/* How many of the changes are of groups that are shown: these stand first. */
size_t text_drift_shown(const struct summary *summary, const struct report_options *options);

/* How far they can be trusted. */
void text_drift_method(const struct report_options *options, struct text_sentence *out);

#endif
