/* How numbers are spread, kept as store/rollup.h keeps them: eight bits of each. Their ranks can be
 * asked for, within 0.4 %. PURE, of fixed size: 117 KB. */
#ifndef REPRISE_REPORT_SPECTRUM_H
#define REPRISE_REPORT_SPECTRUM_H

#include "report/estimate.h"

#include "store/query.h"

enum { SPECTRUM_PLACES = 2 * ROLLUP_CODES };

/* All zero to begin with. */
struct spectrum {
    uint64_t count;
    size_t low; /* places that are not zero lie from here up to high, exclusive */
    size_t high;
    uint64_t places[SPECTRUM_PLACES]; /* negative numbers first */
};

void spectrum_add(struct spectrum *spectrum, int64_t value, uint64_t count);

/* A number that is not negative, by rollup_code(); of one that is none the largest. */
void spectrum_add_code(struct spectrum *spectrum, uint64_t code, uint64_t count);

/* Adds the first to the second, which may be NULL, and leaves the first empty. */
void spectrum_move(struct spectrum *from, struct spectrum *into);

/* The value that a place stands for. */
int64_t spectrum_value(size_t place);

/* The value of a rank, 0 being the smallest; rank < count. */
int64_t spectrum_ranked(const struct spectrum *spectrum, uint64_t rank);

/* As those of statistics.h, of the values it stands for; count > 0. */
int64_t spectrum_median(const struct spectrum *spectrum);
int64_t spectrum_p90(const struct spectrum *spectrum);

struct estimate_reference spectrum_reference(const struct spectrum *spectrum);

#endif
