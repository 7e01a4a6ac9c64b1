/* What hosts did that costs resumptions, in the text report (report/conduct.h). */
#ifndef REPRISE_REPORT_TEXT_CONDUCT_H
#define REPRISE_REPORT_TEXT_CONDUCT_H

#include "report/conduct.h"
#include "report/report.h"

enum { TEXT_CONDUCT_HOSTS = 20 }; /* where nobody says how many: options->top */

/* Hosts by causes of refusal, the most refusals first; where there is one host only, the refusals
 * of all say the same. */
void text_conduct_refusals(FILE *out, const struct conduct *conduct,
                           const struct report_options *options);

/* What servers did that they should not. */
void text_conduct_faults(FILE *out, const struct conduct *conduct,
                         const struct report_options *options);

#endif
