#include "report/summary.h"

#include "report/array.h"
#include "report/baseline.h"
#include "report/format.h"
#include "report/grouping.h"

#include "dissect/tls/names.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLES_MAX = 1 << 30 }; /* so that any index fits 32 bits; 64 GiB of them */

struct place {
    uint32_t group;
    double key; /* smaller first */
    const char *name;
    size_t name_len;
};

struct summary {
    enum report_by by;
    struct name_table *names;
    struct baseline_table *baselines;
    struct sample *samples;
    size_t count;
    size_t capacity;
    struct coverage coverage;
    /* Made by summary_finish(). */
    struct saving_cells cells;
    struct grouping grouping;
    struct place *places;
    uint32_t *everything; /* 0, 1, 2, ...: the order of the total */
    int *full_rtts;
    int64_t *values;
    uint32_t *cell_uses;
};

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
    saving_cells_clear(&summary->cells);
    grouping_clear(&summary->grouping);
    free(summary->samples);
    free(summary->places);
    free(summary->everything);
    free(summary->full_rtts);
    free(summary->values);
    free(summary->cell_uses);
    free(summary);
}

static bool add_text(struct name_table *names, const char *text, uint32_t *out)
{
    const char *name = text == NULL ? "" : text;
    return name_table_add(names, name, strlen(name), out);
}

static bool group_of(struct summary *summary, const struct record *record, uint32_t *out)
{
    char text[FORMAT_BYTES];
    const struct handshake *handshake = &record->handshake;

    switch (summary->by) {
    case REPORT_BY_HOST:
        return name_table_add(summary->names, record->host.text, record->host.len, out);
    case REPORT_BY_CLIENT:
        return add_text(summary->names, format_address(&handshake->client, text), out);
    case REPORT_BY_VERSION:
        return add_text(summary->names, format_version(handshake->version, text), out);
    case REPORT_BY_APP:
        return add_text(summary->names, record->app, out);
    case REPORT_BY_HOUR:
        return add_text(summary->names, format_hour(handshake->time_ns, text), out);
    case REPORT_BY_DAY:
        return add_text(summary->names, format_day(handshake->time_ns, text), out);
    }
    return false;
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
    if (summary->count == SAMPLES_MAX || !group_of(summary, record, &group) ||
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

static uint32_t group_number(const struct sample *sample)
{
    return sample->group;
}

static void figures_of_slice(const struct summary *summary, const uint32_t *order, size_t count,
                             struct figures *out)
{
    struct figures_input input = {
        .samples = summary->samples,
        .order = order,
        .count = count,
        .cells = &summary->cells,
        .full_rtts = summary->full_rtts,
        .values = summary->values,
        .cell_uses = summary->cell_uses,
    };
    figures_of(&input, out);
}

static void figures_of_group(const struct summary *summary, uint32_t group, struct figures *out)
{
    size_t start = summary->grouping.starts[group];
    size_t end = summary->grouping.starts[group + 1];
    figures_of_slice(summary, summary->grouping.order + start, end - start, out);
}

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

static void put_in_order(struct summary *summary, enum report_sort sort)
{
    uint32_t groups = name_table_count(summary->names);

    for (uint32_t group = 0; group < groups; group++) {
        struct place *place = &summary->places[group];
        struct figures figures;
        figures_of_group(summary, group, &figures);
        place->group = group;
        place->key = sort_key(&figures, sort);
        place->name = name_table_name(summary->names, group, &place->name_len);
    }
    qsort(summary->places, groups, sizeof(*summary->places), compare_places);
}

static bool make_room(struct summary *summary)
{
    uint32_t baselines = baseline_table_count(summary->baselines);
    uint32_t groups = name_table_count(summary->names);

    summary->places = calloc((size_t)groups + 1, sizeof(*summary->places));
    summary->everything = calloc(summary->count + 1, sizeof(*summary->everything));
    summary->full_rtts = calloc((size_t)baselines + 1, sizeof(*summary->full_rtts));
    summary->values = calloc(summary->count + 1, sizeof(*summary->values));
    summary->cell_uses = calloc(summary->cells.count + 1, sizeof(*summary->cell_uses));
    if (summary->places == NULL || summary->everything == NULL || summary->full_rtts == NULL ||
        summary->values == NULL || summary->cell_uses == NULL) {
        return false;
    }
    for (size_t i = 0; i < summary->count; i++) {
        summary->everything[i] = (uint32_t)i;
    }
    for (uint32_t i = 0; i < baselines; i++) {
        summary->full_rtts[i] = baseline_table_rtts(summary->baselines, i);
    }
    return true;
}

bool summary_finish(struct summary *summary, enum report_sort sort)
{
    if (!saving_cells_make(&summary->cells, summary->samples, summary->count,
                           baseline_table_count(summary->baselines)) ||
        !grouping_make(&summary->grouping, summary->samples, summary->count, group_number,
                       name_table_count(summary->names)) ||
        !make_room(summary)) {
        return false;
    }
    put_in_order(summary, sort);
    return true;
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
    figures_of_group(summary, summary->places[place].group, out);
}

void summary_total(const struct summary *summary, struct figures *out)
{
    figures_of_slice(summary, summary->everything, summary->count, out);
}

const struct coverage *summary_coverage(const struct summary *summary)
{
    return &summary->coverage;
}
