/* The report's change points: since when a group's handshakes are resumed more, or less, often. */
#ifndef REPRISE_REPORT_TEXT_DRIFT_H
#define REPRISE_REPORT_TEXT_DRIFT_H

#include "report/report.h"
#include "report/summary.h"

/* After an empty line; nothing at all where no group that is shown has a change. */
void text_drift(FILE *out, const struct summary *summary, const struct report_options *options);

#endif
