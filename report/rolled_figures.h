/* The figures of hosts whose handshakes come summed up (store/rollup.h), and of all of them
 * together: what report/figures.h makes of single ones. Counts, sums, means and rates are the same;
 * medians, quantiles and intervals are those of times and sizes rounded to eight bits. PURE.
 *
 * Memory: 2 MB, and 40 bytes for each client network of the host that has the most. */
#ifndef REPRISE_REPORT_ROLLED_FIGURES_H
#define REPRISE_REPORT_ROLLED_FIGURES_H

#include "report/figures.h"

#include "store/query.h"

struct rolled_figures;

/* NULL without memory. */
MUST_CHECK struct rolled_figures *rolled_figures_new(void);
void rolled_figures_free(struct rolled_figures *rolled);

/* Of a host, whose rollup is whole. False without memory. */
MUST_CHECK bool rolled_figures_add(struct rolled_figures *rolled, const struct rollup *rollup,
                                   struct figures *out);

/* handshake_ns of all that were full, or resumed (1). */
const struct spectrum *rolled_figures_times(const struct rolled_figures *rolled, int is_resumed);

/* Of all hosts that were added. */
void rolled_figures_total(struct rolled_figures *rolled, struct figures *out);

#endif
