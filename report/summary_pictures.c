/* What the pictures of a summary are made of: handshakes over time, and how times and ages are
 * spread. */
#include "report/summary_parts.h"

#include "report/array.h"
#include "report/statistics.h"

#include <stdlib.h>

bool summary_is_rolled(const struct summary *summary)
{
    return summary->rolled.figures != NULL;
}

void summary_scale(const struct summary *summary, int64_t least_ns, struct series_scale *out)
{
    const struct coverage *coverage = &summary->coverage;
    const bool is_empty = coverage->first_ns == HANDSHAKE_NULL;
    const int64_t slot_ns = summary->pictures.slot_s * SERIES_SECOND_NS;

    series_scale_make(out, is_empty ? 0 : coverage->first_ns, is_empty ? 0 : coverage->last_ns,
                      least_ns > slot_ns ? least_ns : slot_ns);
}

/* ---- One by one ---- */

/* Indices of samples. */
struct samples {
    const uint32_t *order;
    size_t count;
};

static struct samples samples_of(const struct summary *summary, size_t place)
{
    if (place == SUMMARY_ALL) {
        return (struct samples){summary->everything, summary->count};
    }
    if (summary->grouping.starts == NULL) {
        return (struct samples){NULL, 0};
    }
    const size_t *start = summary->grouping.starts + summary->places[place].group;
    return (struct samples){summary->grouping.order + start[0], start[1] - start[0]};
}

/* The band of a sample and its value; false: it is in none. */
typedef bool picker(const struct sample *sample, int *band, int64_t *value);

static bool pick_time(const struct sample *sample, int *band, int64_t *value)
{
    const bool is_resumed = verdict_is_resumed((enum verdict)sample->verdict);

    *band = is_resumed ? 1 : 0;
    *value = sample->handshake_ns;
    return sample->handshake_ns != HANDSHAKE_NULL &&
           (is_resumed || sample->verdict == VERDICT_FULL);
}

static bool pick_age(const struct sample *sample, int *band, int64_t *value)
{
    *band = sample->outcome == OUTCOME_REFUSED ? 1 : 0;
    *value = sample->age_s;
    return sample->has_age &&
           (sample->outcome == OUTCOME_ACCEPTED || sample->outcome == OUTCOME_REFUSED);
}

static picker *const pickers[SPREAD_KINDS] = {
    [SPREAD_TIMES] = pick_time,
    [SPREAD_AGES] = pick_age,
};

static size_t collect(const struct summary *summary, const struct samples *samples, picker *pick,
                      int wanted, int64_t *out)
{
    size_t count = 0;

    for (size_t i = 0; i < samples->count; i++) {
        int band;
        int64_t value;
        if (pick(&summary->samples[samples->order[i]], &band, &value) && band == wanted) {
            out[count++] = value;
        }
    }
    statistics_sort(out, count);
    return count;
}

static void spread_samples(const struct summary *summary, size_t place, enum spread_kind kind,
                           struct distribution_values bands[SPREAD_BANDS])
{
    const struct samples samples = samples_of(summary, place);
    int64_t *room = summary->work.values;

    for (int band = 0; band < SPREAD_BANDS; band++) {
        const size_t count = collect(summary, &samples, pickers[kind], band, room);
        bands[band] = (struct distribution_values){room, NULL, count, count};
        room += count;
    }
}

static void add_samples(const struct summary *summary, size_t place, struct series *out)
{
    const struct samples samples = samples_of(summary, place);

    for (size_t i = 0; i < samples.count; i++) {
        const struct sample *one = &summary->samples[samples.order[i]];
        series_add(out, one->time_ns, (enum verdict)one->verdict, (enum outcome)one->outcome);
    }
}

/* ---- Summed up ---- */

bool summary_want_pictures(struct summary *summary)
{
    struct summary_pictures *pictures = &summary->pictures;

    pictures->scratch = calloc(1, sizeof(*pictures->scratch));
    pictures->ages = calloc(SPREAD_BANDS, sizeof(*pictures->ages));
    return pictures->scratch != NULL && pictures->ages != NULL;
}

void summary_pictures_clear(struct summary_pictures *pictures)
{
    free(pictures->scratch);
    free(pictures->ages);
    rolled_slots_clear(&pictures->slots);
    rolled_picture_clear(&pictures->all);
    free(pictures->ids);
    free(pictures->place_of);
    for (size_t place = 0; place < pictures->places; place++) {
        rolled_picture_clear(&pictures->of_places[place]);
    }
    free(pictures->of_places);
}

bool summary_pictures_see(struct summary *summary, const struct query_rolled_host *host,
                          uint32_t group)
{
    struct summary_pictures *pictures = &summary->pictures;

    if (pictures->scratch == NULL) {
        return true;
    }
    int64_t *ids =
        array_reserve(pictures->ids, &pictures->id_capacity, (size_t)group + 1, sizeof(*ids));
    if (ids == NULL) {
        return false;
    }
    pictures->ids = ids;
    ids[group] = host->host_id;
    pictures->slot_s = host->slot_s;
    rolled_ages_add(pictures->ages, host->rollup);
    return rolled_slots_add(&pictures->slots, host->rollup);
}

static bool make_spreads(struct summary *summary)
{
    struct summary_pictures *pictures = &summary->pictures;
    bool is_made = true;

    for (int band = 0; is_made && band < SPREAD_BANDS; band++) {
        is_made =
            rolled_values_make(&pictures->all.spreads[SPREAD_AGES][band], &pictures->ages[band]) &&
            rolled_values_make(&pictures->all.spreads[SPREAD_TIMES][band],
                               rolled_figures_times(summary->rolled.figures, band));
    }
    return is_made;
}

bool summary_pictures_finish(struct summary *summary)
{
    struct summary_pictures *pictures = &summary->pictures;
    const size_t groups = summary_groups(summary);

    if (pictures->scratch == NULL) {
        return true;
    }
    pictures->place_of = calloc(groups + 1, sizeof(*pictures->place_of));
    pictures->of_places = calloc(groups + 1, sizeof(*pictures->of_places));
    if (pictures->place_of == NULL || pictures->of_places == NULL) {
        return false;
    }
    pictures->places = groups;
    for (size_t place = 0; place < groups; place++) {
        pictures->place_of[summary->places[place].group] = place;
    }
    return make_spreads(summary);
}

int64_t summary_host_id(const struct summary *summary, size_t place)
{
    return summary->pictures.ids[summary->places[place].group];
}

bool summary_add_picture(struct summary *summary, const struct query_rolled_host *host)
{
    struct summary_pictures *pictures = &summary->pictures;
    uint32_t group;

    if (!name_table_find(summary->names, host->host.text, host->host.len, &group)) {
        return true;
    }
    struct rolled_picture *picture = &pictures->of_places[pictures->place_of[group]];
    rolled_picture_clear(picture);
    return rolled_picture_make(picture, host->rollup, pictures->scratch);
}

/* NULL: none was added. */
static const struct rolled_picture *picture_of(const struct summary *summary, size_t place)
{
    const struct summary_pictures *pictures = &summary->pictures;

    if (place == SUMMARY_ALL) {
        return &pictures->all;
    }
    return place < pictures->places ? &pictures->of_places[place] : NULL;
}

static void spread_rolled(const struct summary *summary, size_t place, enum spread_kind kind,
                          struct distribution_values bands[SPREAD_BANDS])
{
    const struct rolled_picture *picture = picture_of(summary, place);

    for (int band = 0; band < SPREAD_BANDS; band++) {
        bands[band] = picture != NULL ? picture->spreads[kind][band]
                                      : (struct distribution_values){.values = NULL};
    }
}

static void add_rolled(const struct summary *summary, size_t place, struct series *out)
{
    const struct rolled_picture *picture = picture_of(summary, place);

    if (place == SUMMARY_ALL) {
        rolled_slots_series(&summary->pictures.slots, out);
    } else if (picture != NULL) {
        rolled_picture_series(picture, out);
    }
}

/* ---- Both ---- */

void summary_spread(const struct summary *summary, size_t place, enum spread_kind kind,
                    struct distribution_values bands[SPREAD_BANDS])
{
    if (summary_is_rolled(summary)) {
        spread_rolled(summary, place, kind, bands);
    } else {
        spread_samples(summary, place, kind, bands);
    }
}

void summary_series(const struct summary *summary, size_t place, const struct series_scale *scale,
                    struct series *out)
{
    series_init(out, scale);
    if (summary_is_rolled(summary)) {
        add_rolled(summary, place, out);
    } else {
        add_samples(summary, place, out);
    }
}

void summary_total_series(const struct summary *summary, const struct series_scale *scale,
                          struct series *out)
{
    summary_series(summary, SUMMARY_ALL, scale, out);
}
