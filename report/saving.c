#include "report/saving.h"

#include "report/array.h"

#include <stdlib.h>

struct timed {
    uint64_t network;
    int64_t ns;
};

/* What is measured, and against what. */
struct side {
    bool (*is_reference)(const struct sample *sample);
    bool (*is_measured)(const struct sample *sample);
};

/* The handshakes of one host and version to measure against, in room made for the largest. */
struct workplace {
    const struct side *side;
    struct timed *timed; /* by network, then time */
    size_t count;
    int64_t *values;
};

static bool is_full(const struct sample *sample)
{
    return sample->verdict == VERDICT_FULL;
}

static bool is_resumed(const struct sample *sample)
{
    return verdict_is_resumed((enum verdict)sample->verdict);
}

static bool is_missed(const struct sample *sample)
{
    return is_full(sample) && sample->missed != MISSED_NOT;
}

static const struct side sides[] = {
    [SAVING_AGAINST_FULL] = {is_full, is_resumed},
    [SAVING_AGAINST_RESUMED] = {is_resumed, is_missed},
};

uint32_t saving_baseline(const struct sample *sample)
{
    return sample->baseline;
}

static int compare_timed(const void *left, const void *right)
{
    const struct timed *a = left;
    const struct timed *b = right;

    if (a->network != b->network) {
        return a->network < b->network ? -1 : 1;
    }
    return (a->ns > b->ns) - (a->ns < b->ns);
}

/* values: sorted, at least one. */
static struct estimate_reference reference_of(const int64_t *values, size_t count)
{
    return (struct estimate_reference){
        .samples = count,
        .median = statistics_sorted_median(values, count),
        .error = count < 2 ? 0 : statistics_median_error(values, count),
    };
}

/* values: sorted. */
static bool add_cell(struct saving_cells *cells, uint64_t network, const int64_t *values,
                     size_t count)
{
    struct estimate_reference *moved =
        array_reserve(cells->cells, &cells->capacity, cells->count + 1, sizeof(*moved));
    if (moved == NULL) {
        return false;
    }
    cells->cells = moved;
    uint64_t *networks = array_reserve(cells->networks, &cells->networks_capacity, cells->count + 1,
                                       sizeof(*networks));
    if (networks == NULL) {
        return false;
    }
    cells->networks = networks;
    cells->networks[cells->count] = network;
    cells->cells[cells->count++] = reference_of(values, count);
    return true;
}

static bool add_network_cells(struct saving_cells *cells, const struct workplace *place)
{
    size_t end;

    for (size_t from = 0; from < place->count; from = end) {
        uint64_t network = place->timed[from].network;
        for (end = from; end < place->count && place->timed[end].network == network; end++) {
            place->values[end - from] = place->timed[end].ns;
        }
        if (end - from >= SAVING_NETWORK_MIN &&
            !add_cell(cells, network, place->values, end - from)) {
            return false;
        }
    }
    return true;
}

/* The first cell is that of all networks, the others follow by network. */
static bool add_cells(struct saving_cells *cells, struct workplace *place)
{
    for (size_t i = 0; i < place->count; i++) {
        place->values[i] = place->timed[i].ns;
    }
    statistics_sort(place->values, place->count);
    if (!add_cell(cells, 0, place->values, place->count)) {
        return false;
    }
    qsort(place->timed, place->count, sizeof(*place->timed), compare_timed);
    return add_network_cells(cells, place);
}

/* Among the cells of one host and version that begin at `first`. */
static int32_t cell_for(const struct saving_cells *cells, size_t first, uint64_t network)
{
    size_t low = first + 1;
    size_t high = cells->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (cells->networks[middle] < network) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool is_own = low < cells->count && cells->networks[low] == network;
    return (int32_t)(is_own ? low : first);
}

/* The handshakes to measure against; false if there are none, or nothing is to be measured. */
static bool gather(struct workplace *place, const struct sample *samples, const uint32_t *order,
                   size_t count)
{
    bool has_measured = false;

    place->count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct sample *sample = &samples[order[i]];
        bool is_timed = sample->handshake_ns != HANDSHAKE_NULL;
        has_measured = has_measured || (is_timed && place->side->is_measured(sample));
        if (is_timed && place->side->is_reference(sample)) {
            place->timed[place->count++] = (struct timed){sample->network, sample->handshake_ns};
        }
    }
    return has_measured && place->count > 0;
}

static bool measure_baseline(struct saving_cells *cells, struct workplace *place,
                             struct sample *samples, const uint32_t *order, size_t count)
{
    size_t first = cells->count;

    if (!gather(place, samples, order, count)) {
        return true;
    }
    if (!add_cells(cells, place)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        struct sample *sample = &samples[order[i]];
        if (sample->handshake_ns != HANDSHAKE_NULL && place->side->is_measured(sample)) {
            sample->cell = cell_for(cells, first, sample->network);
        }
    }
    return true;
}

static bool measure_all(struct saving_cells *cells, struct workplace *place,
                        const struct saving_input *input)
{
    const size_t *starts = input->by_baseline->starts;

    for (uint32_t baseline = 0; baseline < input->baselines; baseline++) {
        size_t start = starts[baseline];
        if (!measure_baseline(cells, place, input->samples, input->by_baseline->order + start,
                              starts[baseline + 1] - start)) {
            return false;
        }
    }
    return true;
}

bool saving_cells_make(struct saving_cells *cells, const struct saving_input *input,
                       enum saving_against against)
{
    struct workplace place = {
        .side = &sides[against],
        .timed = calloc(input->count + 1, sizeof(*place.timed)),
        .values = calloc(input->count + 1, sizeof(*place.values)),
    };
    bool done = place.timed != NULL && place.values != NULL && measure_all(cells, &place, input);
    free(place.timed);
    free(place.values);
    return done;
}

void saving_cells_clear(struct saving_cells *cells)
{
    free(cells->cells);
    free(cells->networks);
    *cells = (struct saving_cells){0};
}

int64_t saving_of(const struct saving_cells *cells, const struct sample *sample)
{
    return cells->cells[sample->cell].median - sample->handshake_ns;
}

static void cost_of_baseline(const struct saving_input *input, uint32_t baseline, int64_t *values,
                             struct saving_costs *costs)
{
    const size_t *starts = &input->by_baseline->starts[baseline];
    size_t count = 0;

    for (size_t i = starts[0]; i < starts[1]; i++) {
        const struct sample *sample = &input->samples[input->by_baseline->order[i]];
        if (!is_full(sample)) {
            continue;
        }
        if (sample->bytes != HANDSHAKE_NULL) {
            values[count++] = sample->bytes;
        }
        if (sample->rtts_stalled >= 0) {
            mean_add(&costs->stalled[baseline], sample->rtts_stalled);
        }
    }
    if (count > 0) {
        statistics_sort(values, count);
        costs->bytes[baseline] = reference_of(values, count);
    }
}

bool saving_costs_make(struct saving_costs *costs, const struct saving_input *input)
{
    int64_t *values = calloc(input->count + 1, sizeof(*values));

    costs->bytes = calloc((size_t)input->baselines + 1, sizeof(*costs->bytes));
    costs->stalled = calloc((size_t)input->baselines + 1, sizeof(*costs->stalled));
    bool done = values != NULL && costs->bytes != NULL && costs->stalled != NULL;
    for (uint32_t baseline = 0; done && baseline < input->baselines; baseline++) {
        cost_of_baseline(input, baseline, values, costs);
    }
    free(values);
    return done;
}

void saving_costs_clear(struct saving_costs *costs)
{
    free(costs->bytes);
    free(costs->stalled);
    *costs = (struct saving_costs){NULL, NULL};
}
