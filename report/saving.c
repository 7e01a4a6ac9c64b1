#include "report/saving.h"

#include "report/array.h"
#include "report/grouping.h"
#include "report/statistics.h"

#include <stdlib.h>

struct timed {
    uint64_t network;
    int64_t ns;
};

/* The full handshakes of one host and version, in room made for the largest of them. */
struct workplace {
    struct timed *full; /* by network, then time */
    size_t full_count;
    int64_t *values;
};

static uint32_t baseline_of(const struct sample *sample)
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

/* values: sorted. */
static bool add_cell(struct saving_cells *cells, uint64_t network, const int64_t *values,
                     size_t count)
{
    struct saving_cell *moved =
        array_reserve(cells->cells, &cells->capacity, cells->count + 1, sizeof(*moved));
    if (moved == NULL) {
        return false;
    }
    cells->cells = moved;
    cells->cells[cells->count++] = (struct saving_cell){
        .network = network,
        .samples = count,
        .median_ns = statistics_sorted_median(values, count),
        .error_ns = count < 2 ? 0 : statistics_median_error(values, count),
    };
    return true;
}

static bool add_network_cells(struct saving_cells *cells, const struct workplace *place)
{
    size_t end;

    for (size_t from = 0; from < place->full_count; from = end) {
        uint64_t network = place->full[from].network;
        for (end = from; end < place->full_count && place->full[end].network == network; end++) {
            place->values[end - from] = place->full[end].ns;
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
    for (size_t i = 0; i < place->full_count; i++) {
        place->values[i] = place->full[i].ns;
    }
    statistics_sort(place->values, place->full_count);
    if (!add_cell(cells, 0, place->values, place->full_count)) {
        return false;
    }
    qsort(place->full, place->full_count, sizeof(*place->full), compare_timed);
    return add_network_cells(cells, place);
}

/* Among the cells of one host and version that begin at `first`. */
static int32_t cell_for(const struct saving_cells *cells, size_t first, uint64_t network)
{
    size_t low = first + 1;
    size_t high = cells->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (cells->cells[middle].network < network) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool is_own = low < cells->count && cells->cells[low].network == network;
    return (int32_t)(is_own ? low : first);
}

static bool is_resumed_with_time(const struct sample *sample)
{
    return verdict_is_resumed((enum verdict)sample->verdict) &&
           sample->handshake_ns != HANDSHAKE_NULL;
}

static bool measure_baseline(struct saving_cells *cells, struct workplace *place,
                             struct sample *samples, const uint32_t *order, size_t count)
{
    size_t first = cells->count;

    place->full_count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct sample *sample = &samples[order[i]];
        if (sample->verdict == VERDICT_FULL && sample->handshake_ns != HANDSHAKE_NULL) {
            place->full[place->full_count++] =
                (struct timed){sample->network, sample->handshake_ns};
        }
    }
    if (place->full_count == 0) {
        return true;
    }
    if (!add_cells(cells, place)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        struct sample *sample = &samples[order[i]];
        if (is_resumed_with_time(sample)) {
            sample->cell = cell_for(cells, first, sample->network);
        }
    }
    return true;
}

static bool measure_all(struct saving_cells *cells, struct workplace *place, struct sample *samples,
                        const struct grouping *grouping, uint32_t baselines)
{
    for (uint32_t baseline = 0; baseline < baselines; baseline++) {
        size_t start = grouping->starts[baseline];
        if (!measure_baseline(cells, place, samples, grouping->order + start,
                              grouping->starts[baseline + 1] - start)) {
            return false;
        }
    }
    return true;
}

bool saving_cells_make(struct saving_cells *cells, struct sample *samples, size_t count,
                       uint32_t baselines)
{
    struct grouping grouping;
    if (!grouping_make(&grouping, samples, count, baseline_of, baselines)) {
        return false;
    }
    struct workplace place = {
        .full = calloc(count + 1, sizeof(*place.full)),
        .values = calloc(count + 1, sizeof(*place.values)),
    };
    bool done = place.full != NULL && place.values != NULL &&
                measure_all(cells, &place, samples, &grouping, baselines);
    free(place.full);
    free(place.values);
    grouping_clear(&grouping);
    return done;
}

void saving_cells_clear(struct saving_cells *cells)
{
    free(cells->cells);
    *cells = (struct saving_cells){NULL, 0, 0};
}

double saving_of(const struct saving_cells *cells, const struct sample *sample)
{
    return (double)(cells->cells[sample->cell].median_ns - sample->handshake_ns);
}
