/* Why offers were refused, and resumptions missed, over all handshakes of a report. PURE. */
#ifndef REPRISE_REPORT_REFUSALS_H
#define REPRISE_REPORT_REFUSALS_H

#include "report/occurrences.h"

#include "report/rolled.h"

#include "store/record.h"

struct refusals {
    uint64_t count; /* of all causes */
    struct occurrences causes[REFUSAL_CAUSE_COUNT];
    uint64_t missed[MISSED_COUNT];
};

void refusals_init(struct refusals *refusals);
void refusals_add(struct refusals *refusals, const struct record *record);
void refusals_add_rolled(struct refusals *refusals, const struct rolled_shape *rolled);

#endif
