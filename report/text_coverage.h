/* The report's last paragraphs: what the figures do not cover, and how they were made. */
#ifndef REPRISE_REPORT_TEXT_COVERAGE_H
#define REPRISE_REPORT_TEXT_COVERAGE_H

#include "report/coverage.h"
#include "report/figures.h"

#include <stdio.h>

void text_coverage(FILE *out, const struct coverage *coverage, const struct figures *total,
                   bool use_color);
void text_coverage_method(FILE *out);

#endif
