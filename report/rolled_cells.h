/* What summed up handshakes are measured against, and what comes of it: report/saving.h, of
 * tallies. PURE. */
#ifndef REPRISE_REPORT_ROLLED_CELLS_H
#define REPRISE_REPORT_ROLLED_CELLS_H

#include "report/rolled_spread.h"

#include "store/query.h"

/* Some next to each other. */
struct rolled_tallies {
    const struct rollup_tally *at;
    size_t count;
};

/* Those with this head. Borrowed. */
struct rolled_tallies rolled_tallies_of(const struct rollup *rollup, uint32_t head);

uint64_t rolled_tallies_count(const struct rolled_tallies *tallies);
void rolled_tallies_spread(struct spectrum *spectrum, const struct rolled_tallies *tallies);

/* samples 0 of none. scratch: empty, and left so. */
struct estimate_reference rolled_tallies_reference(struct spectrum *scratch,
                                                   const struct rolled_tallies *tallies);

/* The handshakes to measure against: of one client network, as in report/saving.h. */
struct rolled_cell {
    uint64_t network;
    struct estimate_reference reference;
};

struct rolled_cells {
    struct rolled_cell *cells; /* by network */
    size_t count;
    size_t capacity;
    struct estimate_reference all; /* samples 0: there are none */
};

/* Makes the cells of these anew. False without memory. free(cells->cells) ends them. */
MUST_CHECK bool rolled_cells_make(struct rolled_cells *cells, struct spectrum *scratch,
                                  const struct rolled_tallies *tallies);

/* The median of what it is measured against less the value, or the other way round. Their sum lacks
 * that of the values themselves, which is known exactly. */
struct rolled_measuring {
    enum rolled_measured measured;
    int sign;
};

void rolled_cells_differ(struct rolled_spread *spread, const struct rolled_measuring *measuring,
                         const struct estimate_reference *reference,
                         const struct rolled_tallies *tallies);

/* Each by the cell of its network, else by all. */
void rolled_cells_measure(struct rolled_spread *spread, const struct rolled_measuring *measuring,
                          const struct rolled_cells *cells, struct rolled_tallies tallies);

#endif
