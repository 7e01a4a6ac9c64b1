/* Members of JSON objects, each with a comma before it: none of them is an object's first. */
#ifndef REPRISE_REPORT_JSON_MEMBERS_H
#define REPRISE_REPORT_JSON_MEMBERS_H

#include "report/occurrences.h"
#include "report/value.h"

#include <stdio.h>

void json_member(FILE *out, const char *key, const struct value *value);
void json_integer(FILE *out, const char *key, int64_t integer); /* HANDSHAKE_NULL: null */
void json_time(FILE *out, const char *key, int64_t time_ns);    /* likewise */

/* "first", "last" and "examples". */
void json_occurrences(FILE *out, const struct occurrences *occurrences);

/* "warnings": a list of words. warnings: 1u << enum ticket_warning. */
void json_ticket_warnings(FILE *out, uint8_t warnings);

#endif
