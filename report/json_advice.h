/* Advice in the JSON of the report. */
#ifndef REPRISE_REPORT_JSON_ADVICE_H
#define REPRISE_REPORT_JSON_ADVICE_H

#include "report/formats.h"

/* Members of the object, each with what separates it from the next one: the findings about the
 * groups that are shown. */
void json_advice(FILE *out, const struct summary *summary, const struct report_options *options);

#endif
