#include "report/spectrum.h"

enum { ZERO = ROLLUP_CODES };

static void add_at(struct spectrum *spectrum, size_t place, uint64_t count)
{
    if (count == 0) {
        return;
    }
    if (spectrum->count == 0) {
        spectrum->low = place;
        spectrum->high = place + 1;
    }
    spectrum->low = place < spectrum->low ? place : spectrum->low;
    spectrum->high = place >= spectrum->high ? place + 1 : spectrum->high;
    spectrum->places[place] += count;
    spectrum->count += count;
}

void spectrum_add_code(struct spectrum *spectrum, uint64_t code, uint64_t count)
{
    add_at(spectrum, ZERO + (code < ROLLUP_CODES ? code : ROLLUP_CODES - 1), count);
}

void spectrum_add(struct spectrum *spectrum, int64_t value, uint64_t count)
{
    if (value >= 0) {
        add_at(spectrum, ZERO + rollup_code(value), count);
    } else {
        const int64_t distance = value == INT64_MIN ? INT64_MAX : -value;
        add_at(spectrum, ZERO - rollup_code(distance), count);
    }
}

void spectrum_move(struct spectrum *from, struct spectrum *into)
{
    for (size_t place = from->low; place < from->high; place++) {
        if (into != NULL && from->places[place] > 0) {
            add_at(into, place, from->places[place]);
        }
        from->places[place] = 0;
    }
    from->count = 0;
    from->low = 0;
    from->high = 0;
}

int64_t spectrum_value(size_t place)
{
    return place >= ZERO ? rollup_value(place - ZERO) : -rollup_value(ZERO - place);
}

int64_t spectrum_ranked(const struct spectrum *spectrum, uint64_t rank)
{
    size_t place = spectrum->low;
    uint64_t below = spectrum->places[place];

    while (below <= rank && place + 1 < spectrum->high) {
        below += spectrum->places[++place];
    }
    return spectrum_value(place);
}

int64_t spectrum_median(const struct spectrum *spectrum)
{
    const int64_t upper = spectrum_ranked(spectrum, spectrum->count / 2);

    if (spectrum->count % 2 == 1) {
        return upper;
    }
    return statistics_halfway(spectrum_ranked(spectrum, spectrum->count / 2 - 1), upper);
}

int64_t spectrum_p90(const struct spectrum *spectrum)
{
    return spectrum_ranked(spectrum, spectrum->count - spectrum->count / 10 - 1);
}

struct estimate_reference spectrum_reference(const struct spectrum *spectrum)
{
    const uint64_t last = spectrum->count - 1;
    struct estimate_reference reference = {
        .samples = spectrum->count,
        .median = spectrum_median(spectrum),
    };

    if (spectrum->count > 1) {
        const struct statistics_enclosure enclosure = statistics_enclosure_of(spectrum->count);
        const int64_t low = spectrum_ranked(spectrum, enclosure.rank);
        const int64_t high = spectrum_ranked(spectrum, last - enclosure.rank);
        reference.error = ((double)high - (double)low) / enclosure.errors;
    }
    return reference;
}
