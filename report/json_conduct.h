/* What the ledger knows of hosts, one by one, in the JSON of the report and of `reprise tickets`.
 */
#ifndef REPRISE_REPORT_JSON_CONDUCT_H
#define REPRISE_REPORT_JSON_CONDUCT_H

#include "report/report_ledger.h"

#include <stdio.h>

enum { JSON_SHARING_MAX = 10 }; /* names of hosts that share a key */

/* Members of a host's group, a comma before each of them. */
void json_host_ledger(FILE *out, const struct report_ledger *ledger, const char *name, size_t len);

/* "conduct": [...], of all hosts. */
void json_conduct(FILE *out, const struct conduct *conduct);

#endif
