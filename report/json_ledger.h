/* The ledger of sessions in the JSON of the report and of `reprise tickets`. */
#ifndef REPRISE_REPORT_JSON_LEDGER_H
#define REPRISE_REPORT_JSON_LEDGER_H

#include "report/mechanisms.h"
#include "report/refusals.h"
#include "report/report_keys.h"

#include <stdio.h>

/* "refusals": [...], each cause with its share of `all`, on a line of its own after this `newline`,
 * or on the same one after "". */
void json_causes(FILE *out, const struct occurrences causes[REFUSAL_CAUSE_COUNT], uint64_t all,
                 const char *newline);

/* Members of the object, each with what separates it from the next one. */
void json_refusals(FILE *out, const struct refusals *refusals);

/* Members "keys" and "key_hosts", without what separates them from others. */
void json_key_history(FILE *out, const struct report_keys *keys);

/* "mechanisms": [...] */
void json_mechanisms(FILE *out, const struct mechanisms *mechanisms);

#endif
