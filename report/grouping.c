#include "report/grouping.h"

#include <stdlib.h>

/* A counting sort: starts first counts, then says where each group's next index goes, and ends as
 * where each group ends, which is where the next one starts. */
bool grouping_make(struct grouping *grouping, const struct sample *samples, size_t count,
                   uint32_t (*number)(const struct sample *sample), uint32_t groups)
{
    grouping->order = calloc(count + 1, sizeof(*grouping->order));
    grouping->starts = calloc((size_t)groups + 2, sizeof(*grouping->starts));
    if (grouping->order == NULL || grouping->starts == NULL) {
        grouping_clear(grouping);
        return false;
    }
    size_t *next = grouping->starts + 1;
    for (size_t i = 0; i < count; i++) {
        next[number(&samples[i]) + 1]++;
    }
    for (uint32_t group = 1; group <= groups; group++) {
        next[group] += next[group - 1];
    }
    for (size_t i = 0; i < count; i++) {
        grouping->order[next[number(&samples[i])]++] = (uint32_t)i;
    }
    return true;
}

void grouping_clear(struct grouping *grouping)
{
    free(grouping->order);
    free(grouping->starts);
    *grouping = (struct grouping){NULL, NULL};
}
