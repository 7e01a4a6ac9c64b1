/* What hosts did that costs resumptions, in Markdown (report/conduct.h). */
#ifndef REPRISE_REPORT_MARKDOWN_CONDUCT_H
#define REPRISE_REPORT_MARKDOWN_CONDUCT_H

#include "report/formats.h"

enum { MARKDOWN_CONDUCT_HOSTS = 100 }; /* where nobody says how many: options->top */

/* In the report: hosts by causes of refusal where there are several, and what servers did that they
 * should not. */
void markdown_conduct_report(FILE *out, const struct conduct *conduct,
                             const struct report_options *options);

/* In `reprise tickets`: what was not handled as was promised. */
void markdown_conduct(FILE *out, const struct conduct *conduct, struct formats_state *state);

#endif
