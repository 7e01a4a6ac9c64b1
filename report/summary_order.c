/* In which order groups are told. */
#include "report/summary_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double sort_key(const struct figures *figures, enum report_sort sort)
{
    switch (sort) {
    case REPORT_SORT_HANDSHAKES:
        return -(double)figures->handshakes;
    case REPORT_SORT_NAME:
        return 0;
    case REPORT_SORT_RATE:
        return isnan(figures->rate) ? 2 : figures->rate;
    case REPORT_SORT_REFUSED:
        return -(double)figures->outcomes[OUTCOME_REFUSED];
    case REPORT_SORT_SAVED:
        return -figures->saved.headline_ns;
    }
    return 0;
}

/* By key, then by name, byte by byte; no two names are equal. */
static int compare_places(const void *left, const void *right)
{
    const struct place *a = left;
    const struct place *b = right;

    if (a->key < b->key || a->key > b->key) {
        return a->key < b->key ? -1 : 1;
    }
    size_t common = a->name_len < b->name_len ? a->name_len : b->name_len;
    int order = common == 0 ? 0 : memcmp(a->name, b->name, common);
    if (order != 0) {
        return order;
    }
    return (a->name_len > b->name_len) - (a->name_len < b->name_len);
}

void summary_put_in_order(struct summary *summary, enum report_sort sort)
{
    uint32_t groups = name_table_count(summary->names);

    for (uint32_t group = 0; group < groups; group++) {
        struct place *place = &summary->places[group];
        struct figures figures;
        summary_figures_of_group(summary, group, &figures);
        place->group = group;
        place->key = sort_key(&figures, sort);
        place->name = name_table_name(summary->names, group, &place->name_len);
    }
    qsort(summary->places, groups, sizeof(*summary->places), compare_places);
}
