/* Whether two summaries tell the same, the one of handshakes that came summed up. */
#ifndef REPRISE_TESTS_REPORT_SAME_H
#define REPRISE_TESTS_REPORT_SAME_H

#include "report/summary.h"

/* Fails the test unless all that is counted is equal, and what has an order within the bound of
 * docs/schema.md. No handshake takes longer than 0.2 s or has more than 3 KB. */
void same_summaries(const struct summary *rolled, const struct summary *each);

/* What is drawn of all and of each place: counts over time, quantiles within half a bit of eight.
 */
void same_pictures(const struct summary *rolled, const struct summary *each);

#endif
