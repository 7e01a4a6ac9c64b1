/* The ledger of sessions in the JSON of the report and of `reprise tickets`. */
#ifndef REPRISE_REPORT_JSON_LEDGER_H
#define REPRISE_REPORT_JSON_LEDGER_H

#include "report/key_history.h"
#include "report/mechanisms.h"
#include "report/refusals.h"

#include <stdio.h>

/* Members of the object, each with what separates it from the next one. */
void json_refusals(FILE *out, const struct refusals *refusals);

/* Members "keys" and "key_hosts", without what separates them from others. */
void json_key_history(FILE *out, const struct key_history *history);

/* "mechanisms": [...] */
void json_mechanisms(FILE *out, const struct mechanisms *mechanisms);

#endif
