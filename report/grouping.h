/* Samples by group: which ones belong to number 0, which to number 1, ... in the order they came.
 */
#ifndef REPRISE_REPORT_GROUPING_H
#define REPRISE_REPORT_GROUPING_H

#include "report/sample.h"

#include <stddef.h>

struct grouping {
    uint32_t *order; /* indices of samples, group after group */
    size_t *starts;  /* group g has order[starts[g]] up to order[starts[g + 1]] */
};

/* False without memory: nothing is kept then. */
MUST_CHECK bool grouping_make(struct grouping *grouping, const struct sample *samples, size_t count,
                              uint32_t (*number)(const struct sample *sample), uint32_t groups);
void grouping_clear(struct grouping *grouping);

#endif
