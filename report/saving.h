/* What a resumed handshake is measured against, and what a missed one could have been: cells.
 *
 * A cell holds handshakes of one host and version, from one client network where it has at least
 * SAVING_NETWORK_MIN of them, else from all (SPEC 5). Against full ones: the saving of a resumed
 * handshake is its cell's median time less its own. Against resumed ones: what a full handshake
 * that need not have been one could gain is its own time less its cell's median. Either may be
 * negative.
 */
#ifndef REPRISE_REPORT_SAVING_H
#define REPRISE_REPORT_SAVING_H

#include "report/estimate.h"
#include "report/grouping.h"
#include "report/sample.h"

#include <stddef.h>

enum { SAVING_NETWORK_MIN = 5 };

struct saving_cells {
    struct estimate_reference *cells; /* times in nanoseconds */
    uint64_t *networks;               /* of cells of a network only */
    size_t count;
    size_t capacity;
    size_t networks_capacity;
};

enum saving_against { SAVING_AGAINST_FULL, SAVING_AGAINST_RESUMED };

struct saving_input {
    struct sample *samples;
    size_t count;
    const struct grouping *by_baseline;
    uint32_t baselines;
};

uint32_t saving_baseline(const struct sample *sample);

/* Makes the cells and sets `cell` of each resumed sample (against full ones), or each missed one
 * (against resumed ones), with a time: -1 where its host and version have nothing to measure
 * against. False without memory; clear afterwards either way. */
MUST_CHECK bool saving_cells_make(struct saving_cells *cells, const struct saving_input *input,
                                  enum saving_against against);
void saving_cells_clear(struct saving_cells *cells);

/* The cell's median less the sample's time, in nanoseconds; its cell is not -1. */
int64_t saving_of(const struct saving_cells *cells, const struct sample *sample);

/* What else the full handshakes of each host and version cost. */
struct saving_costs {
    struct estimate_reference *bytes; /* by baseline; samples 0 where there are none */
    struct mean *stalled;             /* rtts_stalled */
};

MUST_CHECK bool saving_costs_make(struct saving_costs *costs, const struct saving_input *input);
void saving_costs_clear(struct saving_costs *costs);

#endif
