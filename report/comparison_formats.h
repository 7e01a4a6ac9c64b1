/* A comparison as text, Markdown, JSON and CSV (docs/report-json.md). */
#ifndef REPRISE_REPORT_COMPARISON_FORMATS_H
#define REPRISE_REPORT_COMPARISON_FORMATS_H

#include "report/comparison.h"
#include "report/report.h"

typedef void comparison_writer(FILE *out, const struct comparison *comparison,
                               const struct report_options *options);

/* NULL: a comparison has no such format. */
comparison_writer *comparison_formats_of(enum report_format format);

void comparison_text(FILE *out, const struct comparison *comparison,
                     const struct report_options *options);
void comparison_markdown(FILE *out, const struct comparison *comparison,
                         const struct report_options *options);

#endif
