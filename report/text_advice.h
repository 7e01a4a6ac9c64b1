/* The report's paragraphs of advice. */
#ifndef REPRISE_REPORT_TEXT_ADVICE_H
#define REPRISE_REPORT_TEXT_ADVICE_H

#include "report/formats.h"

/* After an empty line; nothing where nothing is advised about the groups that are shown. */
void text_advice(FILE *out, const struct summary *summary, const struct report_options *options);

#endif
