/* What the doors of the folder have in common (report/report.h). */
#ifndef REPRISE_REPORT_REPORT_COMMON_H
#define REPRISE_REPORT_REPORT_COMMON_H

#include "report/formats.h"
#include "report/name_table.h"

/* False, and says so. */
bool report_no_memory(struct error *error);

/* Of query_figures(): whoever takes handshakes ends that only for want of memory. */
MUST_CHECK bool report_all_taken(enum query_result result, struct error *error);

/* Unpredictable bytes for a table of names. */
MUST_CHECK bool report_random_key(uint8_t key[NAME_TABLE_KEY_BYTES], struct error *error);

/* Whether what was written has arrived. */
MUST_CHECK bool report_is_written(FILE *out, struct error *error);

struct formats_state report_state_of(const struct report_options *options);

#endif
