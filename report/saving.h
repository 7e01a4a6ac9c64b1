/* What a resumed handshake is measured against: cells of full handshakes.
 *
 * A cell holds the full handshakes of one host and version, from one client network where it has
 * at least SAVING_NETWORK_MIN of them, else from all (SPEC 5). The saving of a resumed handshake is
 * its cell's median handshake time less its own; it may be negative. */
#ifndef REPRISE_REPORT_SAVING_H
#define REPRISE_REPORT_SAVING_H

#include "report/sample.h"

#include <stddef.h>

enum { SAVING_NETWORK_MIN = 5 };

struct saving_cell {
    uint64_t network; /* cells of a network only */
    size_t samples;   /* full handshakes with a time; at least 1 */
    int64_t median_ns;
    double error_ns; /* standard error of the median; meaningless with one sample */
};

struct saving_cells {
    struct saving_cell *cells;
    size_t count;
    size_t capacity;
};

/* Makes the cells and sets `cell` of each resumed sample with a time: -1 where its host and
 * version have no full handshake with one. False without memory; clear afterwards either way. */
MUST_CHECK bool saving_cells_make(struct saving_cells *cells, struct sample *samples, size_t count,
                                  uint32_t baselines);
void saving_cells_clear(struct saving_cells *cells);

/* Nanoseconds one resumed handshake saved; its cell is not -1. */
double saving_of(const struct saving_cells *cells, const struct sample *sample);

#endif
