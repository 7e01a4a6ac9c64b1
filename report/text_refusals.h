/* The report's paragraph about what was refused, and what was missed. */
#ifndef REPRISE_REPORT_TEXT_REFUSALS_H
#define REPRISE_REPORT_TEXT_REFUSALS_H

#include "report/refusals.h"

#include <stdio.h>

/* After an empty line; nothing where nothing was refused or missed. */
void text_refusals(FILE *out, const struct refusals *refusals, bool use_color);

#endif
