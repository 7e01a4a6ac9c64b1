/* How the times and savings of summed up handshakes are spread: what figures need in an order, of a
 * host or of all. PURE, of fixed size: 0.7 MB. */
#ifndef REPRISE_REPORT_ROLLED_SPREAD_H
#define REPRISE_REPORT_ROLLED_SPREAD_H

#include "report/figures.h"
#include "report/spectrum.h"

/* What struct estimate is made of. */
struct rolled_sums {
    uint64_t count;
    double sum;    /* exact */
    double values; /* of the differences as they are kept, and their squares */
    double squares;
    double of_references; /* (uses x standard error)^2 of those that have one */
    double of_lone;       /* uses^2 of those of one sample */
};

enum rolled_measured {
    ROLLED_SAVED,
    ROLLED_BYTES,
    ROLLED_NOT_OFFERED,
    ROLLED_REFUSED,
    ROLLED_MEASURED
};

/* How the values are spread that figures need in an order. */
struct rolled_spread {
    struct spectrum times[2]; /* handshake_ns of full and of resumed handshakes */
    struct rolled_sums sums[ROLLED_MEASURED];
    struct spectrum differences[ROLLED_MEASURED];
};

/* So many have this difference from what they are measured against. Leaves sum as it is. */
void rolled_spread_add(struct rolled_spread *spread, enum rolled_measured measured,
                       int64_t difference, uint64_t count);

/* So many are measured against this. */
void rolled_spread_use(struct rolled_sums *sums, const struct estimate_reference *reference,
                       uint64_t uses);

/* Sets medians and intervals of figures whose counts are complete, and what follows from them. */
void rolled_spread_conclude(const struct rolled_spread *spread, struct figures *out);

/* Adds the first to the second, and leaves it empty. */
void rolled_spread_move(struct rolled_spread *from, struct rolled_spread *into);

#endif
