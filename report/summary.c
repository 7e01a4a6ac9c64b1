#include "report/summary_parts.h"

#include "report/array.h"
#include "report/group_name.h"

#include <stdlib.h>

enum { FIGURES_KEPT_MAX = 4096 }; /* groups of which figures are made once only: 4 MiB */
enum { SAMPLES_MAX = 1 << 30 };   /* so that any index fits 32 bits; 64 GiB of them */

struct summary *summary_new(enum report_by by, const uint8_t key[NAME_TABLE_KEY_BYTES])
{
    struct summary *summary = calloc(1, sizeof(*summary));
    if (summary == NULL) {
        return NULL;
    }
    summary->by = by;
    coverage_init(&summary->coverage);
    summary->names = name_table_new(key);
    summary->baselines = baseline_table_new(key);
    if (summary->names == NULL || summary->baselines == NULL) {
        summary_free(summary);
        return NULL;
    }
    return summary;
}

void summary_free(struct summary *summary)
{
    if (summary == NULL) {
        return;
    }
    name_table_free(summary->names);
    baseline_table_free(summary->baselines);
    saving_cells_clear(&summary->full_cells);
    saving_cells_clear(&summary->resumed_cells);
    saving_costs_clear(&summary->costs);
    grouping_clear(&summary->grouping);
    free(summary->samples);
    free(summary->places);
    free(summary->everything);
    free(summary->rtts);
    free(summary->work.values);
    free(summary->work.uses);
    free(summary->work.used);
    free(summary->kept);
    free(summary->changes);
    summary_rolled_clear(&summary->rolled);
    summary_pictures_clear(&summary->pictures);
    free(summary);
}

static bool find_group(struct summary *summary, const struct record *record, uint32_t *out)
{
    const bool is_host = summary->by == REPORT_BY_HOST;

    if (is_host && host_numbers_find(&summary->hosts, record->host_id, 0, out)) {
        return true;
    }
    if (!group_name_add(summary->names, summary->by, record, out)) {
        return false;
    }
    if (is_host) {
        host_numbers_keep(&summary->hosts, record->host_id, 0, *out);
    }
    return true;
}

bool summary_add(struct summary *summary, const struct record *record)
{
    uint32_t group;
    uint32_t baseline;

    struct sample *moved =
        array_reserve(summary->samples, &summary->capacity, summary->count + 1, sizeof(*moved));
    if (moved == NULL) {
        return false;
    }
    summary->samples = moved;
    if (summary->count == SAMPLES_MAX || !find_group(summary, record, &group) ||
        !baseline_table_add(summary->baselines, record, &baseline)) {
        return false;
    }
    struct sample *sample = &summary->samples[summary->count++];
    sample_of(record, sample);
    sample->group = group;
    sample->baseline = baseline;
    coverage_add(&summary->coverage, &record->handshake);
    refusals_add(&summary->coverage.refusals, record);
    return true;
}

void summary_add_run(struct summary *summary, const struct run_record *run)
{
    coverage_add_run(&summary->coverage, run);
}

void summary_add_not_analysed(struct summary *summary, const struct run_not_analysed *row)
{
    coverage_add_not_analysed(&summary->coverage, row);
}

static uint32_t group_number(const struct sample *sample)
{
    return sample->group;
}

static void figures_of_slice(const struct summary *summary, const uint32_t *order, size_t count,
                             struct figures *out)
{
    struct estimate_work work = summary->work; /* its arrays are what is worked on */
    struct figures_input input = {
        .samples = summary->samples,
        .order = order,
        .count = count,
        .full_cells = &summary->full_cells,
        .resumed_cells = &summary->resumed_cells,
        .costs = &summary->costs,
        .rtts = summary->rtts,
        .work = &work,
    };
    figures_of(&input, out);
}

void summary_figures_of_group(const struct summary *summary, uint32_t group, struct figures *out)
{
    if (summary->kept != NULL) {
        *out = summary->kept[group];
        return;
    }
    size_t start = summary->grouping.starts[group];
    size_t end = summary->grouping.starts[group + 1];
    figures_of_slice(summary, summary->grouping.order + start, end - start, out);
}

/* Each group is asked for once by each table. */
static bool keep_figures(struct summary *summary)
{
    uint32_t groups = name_table_count(summary->names);
    struct figures *kept;

    if (groups > FIGURES_KEPT_MAX) {
        return true;
    }
    kept = calloc((size_t)groups + 1, sizeof(*kept));
    for (uint32_t group = 0; kept != NULL && group < groups; group++) {
        summary_figures_of_group(summary, group, &kept[group]);
    }
    summary->kept = kept;
    return kept != NULL;
}

/* Of any of the tables that differences are from. */
static size_t most_references(const struct summary *summary)
{
    size_t most = baseline_table_count(summary->baselines);

    most = summary->full_cells.count > most ? summary->full_cells.count : most;
    return summary->resumed_cells.count > most ? summary->resumed_cells.count : most;
}

static bool make_work(struct estimate_work *work, size_t values, size_t references)
{
    work->values = calloc(values + 1, sizeof(*work->values));
    work->uses = calloc(references + 1, sizeof(*work->uses));
    work->used = calloc(references + 1, sizeof(*work->used));
    return work->values != NULL && work->uses != NULL && work->used != NULL;
}

static bool make_room(struct summary *summary)
{
    uint32_t baselines = baseline_table_count(summary->baselines);
    uint32_t groups = name_table_count(summary->names);

    summary->places = calloc((size_t)groups + 1, sizeof(*summary->places));
    summary->everything = calloc(summary->count + 1, sizeof(*summary->everything));
    summary->rtts = calloc((size_t)baselines + 1, sizeof(*summary->rtts));
    if (summary->places == NULL || summary->everything == NULL || summary->rtts == NULL ||
        !make_work(&summary->work, summary->count, most_references(summary))) {
        return false;
    }
    for (size_t i = 0; i < summary->count; i++) {
        summary->everything[i] = (uint32_t)i;
    }
    for (uint32_t i = 0; i < baselines; i++) {
        summary->rtts[i].full = baseline_table_rtts(summary->baselines, i);
        summary->rtts[i].resumed = baseline_table_resumed_rtts(summary->baselines, i);
    }
    return true;
}

/* By host and version, whatever the groups are by. */
static bool measure(struct summary *summary)
{
    struct grouping by_baseline;
    struct saving_input input = {
        .samples = summary->samples,
        .count = summary->count,
        .by_baseline = &by_baseline,
        .baselines = baseline_table_count(summary->baselines),
    };

    if (!grouping_make(&by_baseline, summary->samples, summary->count, saving_baseline,
                       input.baselines)) {
        return false;
    }
    bool done = saving_cells_make(&summary->full_cells, &input, SAVING_AGAINST_FULL) &&
                saving_cells_make(&summary->resumed_cells, &input, SAVING_AGAINST_RESUMED) &&
                saving_costs_make(&summary->costs, &input);
    grouping_clear(&by_baseline);
    return done;
}

/* The evaluated handshakes of the group at a place; returns how many. */
static size_t trials_of(const struct summary *summary, size_t place, struct drift_trial *trials)
{
    const size_t *starts = &summary->grouping.starts[summary->places[place].group];
    size_t count = 0;

    for (size_t i = starts[0]; i < starts[1]; i++) {
        const struct sample *sample = &summary->samples[summary->grouping.order[i]];
        bool is_resumed = verdict_is_resumed((enum verdict)sample->verdict);
        if (is_resumed || sample->verdict == VERDICT_FULL) {
            trials[count++] = (struct drift_trial){sample->time_ns, is_resumed, 1};
        }
    }
    return count;
}

static bool add_changes(struct summary *summary, size_t place, const struct drift *drift)
{
    struct summary_change *moved =
        array_reserve(summary->changes, &summary->change_capacity,
                      summary->change_count + DRIFT_CHANGES_MAX, sizeof(*moved));
    if (moved == NULL) {
        return false;
    }
    summary->changes = moved;
    for (size_t i = 0; i < drift->count; i++) {
        moved[summary->change_count++] = (struct summary_change){place, drift->changes[i]};
    }
    return true;
}

static size_t largest_group(const struct summary *summary)
{
    size_t largest = 0;

    for (uint32_t group = 0; group < name_table_count(summary->names); group++) {
        const size_t *starts = &summary->grouping.starts[group];
        largest = starts[1] - starts[0] > largest ? starts[1] - starts[0] : largest;
    }
    return largest;
}

static bool find_changes(struct summary *summary)
{
    struct drift_trial *trials = calloc(largest_group(summary) + 1, sizeof(*trials));
    bool done = trials != NULL;

    for (size_t place = 0; done && place < summary_groups(summary); place++) {
        struct drift drift;
        drift_find(trials, trials_of(summary, place, trials), &drift);
        done = drift.count == 0 || add_changes(summary, place, &drift);
    }
    free(trials);
    return done;
}

bool summary_finish(struct summary *summary, enum report_sort sort)
{
    if (summary->rolled.figures != NULL) {
        return summary_finish_rolled(summary, sort);
    }
    if (!measure(summary) ||
        !grouping_make(&summary->grouping, summary->samples, summary->count, group_number,
                       name_table_count(summary->names)) ||
        !make_room(summary) || !keep_figures(summary)) {
        return false;
    }
    summary_put_in_order(summary, sort);
    bool has_time = summary->by == REPORT_BY_HOUR || summary->by == REPORT_BY_DAY;
    return has_time || find_changes(summary);
}

size_t summary_groups(const struct summary *summary)
{
    return name_table_count(summary->names);
}

const char *summary_name(const struct summary *summary, size_t place, size_t *len)
{
    *len = summary->places[place].name_len;
    return summary->places[place].name;
}

void summary_figures(const struct summary *summary, size_t place, struct figures *out)
{
    summary_figures_of_group(summary, summary->places[place].group, out);
}

uint64_t summary_handshakes(const struct summary *summary, size_t place)
{
    const uint32_t group = summary->places[place].group;

    return summary->kept != NULL
               ? summary->kept[group].handshakes
               : summary->grouping.starts[group + 1] - summary->grouping.starts[group];
}

void summary_total(const struct summary *summary, struct figures *out)
{
    if (summary->rolled.figures != NULL) {
        *out = summary->rolled.total;
        return;
    }
    figures_of_slice(summary, summary->everything, summary->count, out);
}

const struct coverage *summary_coverage(const struct summary *summary)
{
    return &summary->coverage;
}

size_t summary_changes(const struct summary *summary)
{
    return summary->change_count;
}

const struct summary_change *summary_change(const struct summary *summary, size_t index)
{
    return &summary->changes[index];
}
