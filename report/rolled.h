/* Handshakes that come summed up: what each part of a report that is made of handshakes takes of
 * them. PURE. */
#ifndef REPRISE_REPORT_ROLLED_H
#define REPRISE_REPORT_ROLLED_H

#include "report/occurrences.h"

#include "store/query.h"

/* A shape of store/rollup.h, with what it has in common made out. */
struct rolled_shape {
    const struct rollup_shape *shape;
    struct facts facts;
    struct occurrences seen; /* where the shape has a refusal's cause or anomalies */
};

void rolled_shape_of(const struct rollup_shape *shape, struct rolled_shape *out);

#endif
