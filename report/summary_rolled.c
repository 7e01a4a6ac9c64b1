/* A summary of hosts whose handshakes come summed up. */
#include "report/summary_parts.h"

#include "report/array.h"

#include <stdlib.h>

static const int64_t second_ns = 1000000000;

void summary_rolled_clear(struct summary_rolled *rolled)
{
    rolled_figures_free(rolled->figures);
    free(rolled->changes);
    free(rolled->trials);
}

static bool begin(struct summary *summary)
{
    if (summary->rolled.figures == NULL) {
        summary->rolled.figures = rolled_figures_new();
    }
    return summary->rolled.figures != NULL;
}

/* Hosts of one name, which a damaged database may have, are one. */
static bool add_figures(struct summary *summary, const struct query_rolled_host *host,
                        uint32_t *group)
{
    const uint32_t known = name_table_count(summary->names);
    struct figures figures;

    struct figures *moved = array_reserve(summary->kept, &summary->rolled.kept_capacity,
                                          (size_t)known + 1, sizeof(*moved));
    if (moved == NULL) {
        return false;
    }
    summary->kept = moved;
    if (!name_table_add(summary->names, host->host.text, host->host.len, group) ||
        !rolled_figures_add(summary->rolled.figures, host->rollup, &figures)) {
        return false;
    }
    if (*group == known) {
        moved[known] = figures;
    } else {
        figures_add(&moved[*group], &figures);
        figures_conclude(&moved[*group]);
    }
    return true;
}

/* ---- Changes ---- */

static bool is_of_slots(uint32_t head)
{
    return rollup_head_kind(head) == ROLLUP_SLOTS;
}

/* One for each tally of what was evaluated; those of one slot are put together below. */
static bool read_trials(struct summary_rolled *rolled, const struct rollup *rollup, size_t *count)
{
    struct drift_trial *trials = array_reserve(rolled->trials, &rolled->trial_capacity,
                                               rollup->tally_count + 1, sizeof(*trials));
    if (trials == NULL) {
        return false;
    }
    rolled->trials = trials;
    *count = 0;
    for (size_t i = 0; i < rollup->tally_count; i++) {
        const struct rollup_tally *tally = &rollup->tallies[i];
        const enum verdict verdict = (enum verdict)(rollup_head_class(tally->head) / 4);
        const bool is_resumed = verdict_is_resumed(verdict);
        if (is_of_slots(tally->head) && (is_resumed || verdict == VERDICT_FULL)) {
            trials[(*count)++] = (struct drift_trial){rollup_slot_s(tally->code) * second_ns,
                                                      is_resumed ? tally->count : 0, tally->count};
        }
    }
    return true;
}

static int compare_times(const void *left, const void *right)
{
    const struct drift_trial *a = left;
    const struct drift_trial *b = right;
    return (a->time_ns > b->time_ns) - (a->time_ns < b->time_ns);
}

static size_t join_trials(struct drift_trial *trials, size_t count)
{
    size_t kept = 0;

    qsort(trials, count, sizeof(*trials), compare_times);
    for (size_t i = 1; i < count; i++) {
        if (trials[i].time_ns == trials[kept].time_ns) {
            trials[kept].resumed += trials[i].resumed;
            trials[kept].evaluated += trials[i].evaluated;
        } else {
            trials[++kept] = trials[i];
        }
    }
    return count > 0 ? kept + 1 : 0;
}

static bool keep_changes(struct summary_rolled *rolled, uint32_t group, const struct drift *drift)
{
    struct group_change *moved =
        array_reserve(rolled->changes, &rolled->change_capacity,
                      rolled->change_count + DRIFT_CHANGES_MAX, sizeof(*moved));
    if (moved == NULL) {
        return false;
    }
    rolled->changes = moved;
    for (size_t i = 0; i < drift->count; i++) {
        moved[rolled->change_count++] = (struct group_change){group, drift->changes[i]};
    }
    return true;
}

static bool find_changes(struct summary_rolled *rolled, const struct rollup *rollup, uint32_t group)
{
    struct drift drift;
    size_t count;

    if (!read_trials(rolled, rollup, &count)) {
        return false;
    }
    drift_find(rolled->trials, join_trials(rolled->trials, count), &drift);
    return drift.count == 0 || keep_changes(rolled, group, &drift);
}

/* ---- All ---- */

static void cover(struct coverage *coverage, const struct rollup *rollup)
{
    struct rolled_shape shape;

    coverage_add_times(coverage, rollup->first_ns, rollup->last_ns);
    for (size_t i = 0; i < rollup->shape_count; i++) {
        rolled_shape_of(&rollup->shapes[i], &shape);
        coverage_add_rolled(coverage, &shape);
    }
}

bool summary_add_rolled(struct summary *summary, const struct query_rolled_host *host)
{
    uint32_t group;

    if (host->rollup->shape_count == 0) {
        return true;
    }
    if (!begin(summary) || !add_figures(summary, host, &group)) {
        return false;
    }
    cover(&summary->coverage, host->rollup);
    return summary_pictures_see(summary, host, group) &&
           find_changes(&summary->rolled, host->rollup, group);
}

static int compare_changes(const void *left, const void *right)
{
    const struct summary_change *a = left;
    const struct summary_change *b = right;

    if (a->place != b->place) {
        return a->place < b->place ? -1 : 1;
    }
    return (a->change.time_ns > b->change.time_ns) - (a->change.time_ns < b->change.time_ns);
}

static bool place_changes(struct summary *summary)
{
    const uint32_t groups = name_table_count(summary->names);
    const struct summary_rolled *rolled = &summary->rolled;
    size_t *place_of = calloc((size_t)groups + 1, sizeof(*place_of));

    summary->changes = calloc(rolled->change_count + 1, sizeof(*summary->changes));
    if (place_of == NULL || summary->changes == NULL) {
        free(place_of);
        return false;
    }
    for (uint32_t place = 0; place < groups; place++) {
        place_of[summary->places[place].group] = place;
    }
    for (size_t i = 0; i < rolled->change_count; i++) {
        summary->changes[i] =
            (struct summary_change){place_of[rolled->changes[i].group], rolled->changes[i].change};
    }
    summary->change_count = rolled->change_count;
    qsort(summary->changes, summary->change_count, sizeof(*summary->changes), compare_changes);
    free(place_of);
    return true;
}

bool summary_finish_rolled(struct summary *summary, enum report_sort sort)
{
    summary->places =
        calloc((size_t)name_table_count(summary->names) + 1, sizeof(*summary->places));
    if (summary->places == NULL) {
        return false;
    }
    rolled_figures_total(summary->rolled.figures, &summary->rolled.total);
    summary_put_in_order(summary, sort);
    return summary_pictures_finish(summary) && place_changes(summary);
}
