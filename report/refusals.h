/* Why offers were refused, and resumptions missed, over all handshakes of a report. PURE. */
#ifndef REPRISE_REPORT_REFUSALS_H
#define REPRISE_REPORT_REFUSALS_H

#include "store/record.h"

/* Of one cause. */
struct refusals_of_cause {
    uint64_t count;
    int64_t first_ns; /* HANDSHAKE_NULL: none */
    int64_t last_ns;
    int64_t examples[REFUSAL_EXAMPLES]; /* record ids of the first ones read */
};

struct refusals {
    uint64_t count; /* of all causes */
    struct refusals_of_cause causes[REFUSAL_CAUSE_COUNT];
    uint64_t missed[MISSED_COUNT];
};

void refusals_init(struct refusals *refusals);
void refusals_add(struct refusals *refusals, const struct record *record);

/* How many examples there are: at most REFUSAL_EXAMPLES. */
size_t refusals_examples(const struct refusals_of_cause *cause);

#endif
