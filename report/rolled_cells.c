#include "report/rolled_cells.h"

#include "report/array.h"

/* Those of a version, of a class of them, are next to each other. */
struct rolled_tallies rolled_tallies_of(const struct rollup *rollup, uint32_t head)
{
    size_t low = 0;
    size_t high = rollup->tally_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (rollup->tallies[middle].head < head) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (high = low; high < rollup->tally_count && rollup->tallies[high].head == head; high++) {
    }
    return (struct rolled_tallies){rollup->tallies + low, high - low};
}

uint64_t rolled_tallies_count(const struct rolled_tallies *tallies)
{
    uint64_t count = 0;

    for (size_t i = 0; i < tallies->count; i++) {
        count += tallies->at[i].count;
    }
    return count;
}

void rolled_tallies_spread(struct spectrum *spectrum, const struct rolled_tallies *tallies)
{
    for (size_t i = 0; i < tallies->count; i++) {
        spectrum_add_code(spectrum, tallies->at[i].code, tallies->at[i].count);
    }
}

struct estimate_reference rolled_tallies_reference(struct spectrum *scratch,
                                                   const struct rolled_tallies *tallies)
{
    struct estimate_reference reference = {.samples = 0};

    if (tallies->count > 0) {
        rolled_tallies_spread(scratch, tallies);
        reference = spectrum_reference(scratch);
        spectrum_move(scratch, NULL);
    }
    return reference;
}

/* The next ones of one network, split off. */
static struct rolled_tallies next_network(struct rolled_tallies *rest)
{
    struct rolled_tallies out = {rest->at, 0};

    while (out.count < rest->count && rest->at[out.count].network == rest->at[0].network) {
        out.count++;
    }
    rest->at += out.count;
    rest->count -= out.count;
    return out;
}

static bool add_cell(struct rolled_cells *cells, struct spectrum *scratch,
                     const struct rolled_tallies *network)
{
    struct rolled_cell *moved =
        array_reserve(cells->cells, &cells->capacity, cells->count + 1, sizeof(*moved));
    if (moved == NULL) {
        return false;
    }
    cells->cells = moved;
    moved[cells->count++] =
        (struct rolled_cell){network->at[0].network, rolled_tallies_reference(scratch, network)};
    return true;
}

bool rolled_cells_make(struct rolled_cells *cells, struct spectrum *scratch,
                       const struct rolled_tallies *tallies)
{
    struct rolled_tallies rest = *tallies;

    cells->count = 0;
    cells->all = rolled_tallies_reference(scratch, tallies);
    while (rest.count > 0) {
        const struct rolled_tallies network = next_network(&rest);
        if (rolled_tallies_count(&network) >= SAVING_NETWORK_MIN &&
            !add_cell(cells, scratch, &network)) {
            return false;
        }
    }
    return true;
}

void rolled_cells_differ(struct rolled_spread *spread, const struct rolled_measuring *measuring,
                         const struct estimate_reference *reference,
                         const struct rolled_tallies *tallies)
{
    uint64_t uses = 0;

    for (size_t i = 0; i < tallies->count; i++) {
        const int64_t value = rollup_value(tallies->at[i].code);
        rolled_spread_add(spread, measuring->measured,
                          measuring->sign * (reference->median - value), tallies->at[i].count);
        uses += tallies->at[i].count;
    }
    spread->sums[measuring->measured].sum +=
        measuring->sign * (double)reference->median * (double)uses;
}

/* Networks of both are in order. */
void rolled_cells_measure(struct rolled_spread *spread, const struct rolled_measuring *measuring,
                          const struct rolled_cells *cells, struct rolled_tallies tallies)
{
    uint64_t uses_of_all = 0;
    size_t at = 0;

    if (cells->all.samples == 0) {
        return;
    }
    while (tallies.count > 0) {
        const struct rolled_tallies network = next_network(&tallies);
        while (at < cells->count && cells->cells[at].network < network.at[0].network) {
            at++;
        }
        const bool is_own = at < cells->count && cells->cells[at].network == network.at[0].network;
        const struct estimate_reference *reference =
            is_own ? &cells->cells[at].reference : &cells->all;
        rolled_cells_differ(spread, measuring, reference, &network);
        if (is_own) {
            rolled_spread_use(&spread->sums[measuring->measured], reference,
                              rolled_tallies_count(&network));
        } else {
            uses_of_all += rolled_tallies_count(&network);
        }
    }
    rolled_spread_use(&spread->sums[measuring->measured], &cells->all, uses_of_all);
}
