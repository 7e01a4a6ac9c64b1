/* Says on standard error why a report is empty: the database has no handshakes, no host is like the
 * one asked for, or none of its handshakes is of the period. The report itself is written and empty
 * all the same. */
#ifndef REPRISE_APP_NOTHING_FOUND_H
#define REPRISE_APP_NOTHING_FOUND_H

#include "app/options.h"

#include "store/query.h"

#include "base/attributes.h"
#include "base/error.h"

#include <stdio.h>

/* Writes one line to said, or none where a handshake is found in the period, or in one of the two
 * that are compared. False and a sentence when the database cannot be read. */
MUST_CHECK bool nothing_found_tell(struct query *query, const struct settings *settings, FILE *said,
                                   struct error *error);

#endif
