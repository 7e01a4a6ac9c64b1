#include "report/rolled_picture.h"

#include "report/rolled_cells.h"

#include <stdlib.h>
#include <string.h>

enum { OFFER_CLASSES = 4, CLASSES = VERDICT_COUNT * OFFER_CLASSES, SLOTS_AT_FIRST = 256 };

/* ---- Slots ---- */

/* So many handshakes of a class that begin in one slot. */
struct counted {
    int64_t begin_s;
    unsigned class; /* enum rollup_offers, verdict */
    uint64_t count;
};

static void put_in(struct series *series, const struct counted *counted)
{
    int64_t begin_ns;
    const struct series_many many = {
        .verdict = (enum verdict)(counted->class / OFFER_CLASSES),
        .is_accepted = counted->class % OFFER_CLASSES == ROLLUP_OFFER_ACCEPTED,
        .is_refused = counted->class % OFFER_CLASSES == ROLLUP_OFFER_REFUSED,
        .count = counted->count,
    };

    /* Beyond 64 bits only a damaged database says. */
    if (!__builtin_mul_overflow(counted->begin_s, SERIES_SECOND_NS, &begin_ns)) {
        series_add_many(series, begin_ns, &many);
    }
}

static bool is_slot(const struct rollup_tally *tally)
{
    return rollup_head_kind(tally->head) == ROLLUP_SLOTS &&
           rollup_head_class(tally->head) < CLASSES;
}

void rolled_picture_series(const struct rolled_picture *picture, struct series *series)
{
    for (size_t i = 0; i < picture->slot_count; i++) {
        const struct rollup_tally *tally = &picture->slots[i];
        const struct counted counted = {rollup_slot_s(tally->code), rollup_head_class(tally->head),
                                        tally->count};
        put_in(series, &counted);
    }
}

/* ---- Slots of all ---- */

struct rolled_slot {
    bool is_used;
    int64_t begin_s;
    uint64_t counts[CLASSES];
};

void rolled_slots_clear(struct rolled_slots *slots)
{
    free(slots->slots);
    *slots = (struct rolled_slots){.slots = NULL};
}

/* Its own, or an empty one; there always is one. */
static struct rolled_slot *place_of(const struct rolled_slots *slots, int64_t begin_s)
{
    const uint64_t mixed = (uint64_t)begin_s * UINT64_C(0x9e3779b97f4a7c15);
    size_t at = (size_t)(mixed >> 32) & (slots->size - 1);

    while (slots->slots[at].is_used && slots->slots[at].begin_s != begin_s) {
        at = (at + 1) & (slots->size - 1);
    }
    return &slots->slots[at];
}

static bool grow(struct rolled_slots *slots)
{
    struct rolled_slots larger = {.size = slots->size > 0 ? 2 * slots->size : SLOTS_AT_FIRST,
                                  .count = slots->count};

    larger.slots = calloc(larger.size, sizeof(*larger.slots));
    if (larger.slots == NULL) {
        return false;
    }
    for (size_t i = 0; i < slots->size; i++) {
        if (slots->slots[i].is_used) {
            *place_of(&larger, slots->slots[i].begin_s) = slots->slots[i];
        }
    }
    rolled_slots_clear(slots);
    *slots = larger;
    return true;
}

static bool add_slot(struct rolled_slots *slots, const struct rollup_tally *tally)
{
    if (2 * slots->count >= slots->size && !grow(slots)) {
        return false;
    }
    const int64_t begin_s = rollup_slot_s(tally->code);
    struct rolled_slot *slot = place_of(slots, begin_s);
    slots->count += !slot->is_used;
    slot->is_used = true;
    slot->begin_s = begin_s;
    slot->counts[rollup_head_class(tally->head)] += tally->count;
    return true;
}

bool rolled_slots_add(struct rolled_slots *slots, const struct rollup *rollup)
{
    bool is_done = true;

    for (size_t i = rollup->tally_count; is_done && i > 0 && is_slot(&rollup->tallies[i - 1]);
         i--) {
        is_done = add_slot(slots, &rollup->tallies[i - 1]);
    }
    return is_done;
}

void rolled_slots_series(const struct rolled_slots *slots, struct series *series)
{
    for (size_t i = 0; i < slots->size; i++) {
        const struct rolled_slot *slot = &slots->slots[i];
        for (unsigned class = 0; slot->is_used && class < CLASSES; class ++) {
            const struct counted counted = {slot->begin_s, class, slot->counts[class]};
            put_in(series, &counted);
        }
    }
}

/* ---- Spreads ---- */

/* The class of a tally of times, or of ages, whatever its version. */
static void add_class(struct spectrum *spectrum, const struct rollup *rollup, enum rollup_kind kind,
                      unsigned class)
{
    for (size_t i = 0; i < rollup->tally_count; i++) {
        const struct rollup_tally *tally = &rollup->tallies[i];
        if (rollup_head_kind(tally->head) == kind && rollup_head_class(tally->head) == class) {
            spectrum_add_code(spectrum, tally->code, tally->count);
        }
    }
}

static unsigned age_class(int band)
{
    return band == 0 ? ROLLUP_AGE_ACCEPTED : ROLLUP_AGE_REFUSED;
}

void rolled_ages_add(struct spectrum ages[SPREAD_BANDS], const struct rollup *rollup)
{
    for (int band = 0; band < SPREAD_BANDS; band++) {
        const struct rolled_tallies tallies =
            rolled_tallies_of(rollup, rollup_head(ROLLUP_AGES, 0, age_class(band)));
        rolled_tallies_spread(&ages[band], &tallies);
    }
}

bool rolled_values_make(struct distribution_values *out, const struct spectrum *spectrum)
{
    const size_t places = spectrum->high - spectrum->low;
    int64_t *values = calloc(places + 1, sizeof(*values));
    uint64_t *counts = calloc(places + 1, sizeof(*counts));

    *out = (struct distribution_values){values, counts, 0, spectrum->count};
    if (values == NULL || counts == NULL) {
        return false;
    }
    for (size_t place = spectrum->low; place < spectrum->high; place++) {
        if (spectrum->places[place] > 0) {
            values[out->distinct] = spectrum_value(place);
            counts[out->distinct++] = spectrum->places[place];
        }
    }
    return true;
}

static bool make_spread(struct distribution_values *out, struct spectrum *filled)
{
    const bool is_made = rolled_values_make(out, filled);

    spectrum_move(filled, NULL);
    return is_made;
}

/* ---- A host ---- */

static bool copy_slots(struct rolled_picture *picture, const struct rollup *rollup)
{
    size_t from = rollup->tally_count; /* slots are the last kind */

    while (from > 0 && is_slot(&rollup->tallies[from - 1])) {
        from--;
    }
    const size_t count = rollup->tally_count - from;
    picture->slots = calloc(count + 1, sizeof(*picture->slots));
    if (picture->slots == NULL) {
        return false;
    }
    if (count > 0) {
        memcpy(picture->slots, rollup->tallies + from, count * sizeof(*picture->slots));
    }
    picture->slot_count = count;
    return true;
}

bool rolled_picture_make(struct rolled_picture *picture, const struct rollup *rollup,
                         struct spectrum *scratch)
{
    static const unsigned times[SPREAD_BANDS] = {ROLLUP_FULL, ROLLUP_RESUMED};

    *picture = (struct rolled_picture){.slots = NULL};
    bool is_made = copy_slots(picture, rollup);
    for (int band = 0; is_made && band < SPREAD_BANDS; band++) {
        add_class(scratch, rollup, ROLLUP_TIMES, times[band]);
        is_made = make_spread(&picture->spreads[SPREAD_TIMES][band], scratch);
        if (is_made) {
            add_class(scratch, rollup, ROLLUP_AGES, age_class(band));
            is_made = make_spread(&picture->spreads[SPREAD_AGES][band], scratch);
        }
    }
    return is_made;
}

void rolled_picture_clear(struct rolled_picture *picture)
{
    free(picture->slots);
    for (int kind = 0; kind < SPREAD_KINDS; kind++) {
        for (int band = 0; band < SPREAD_BANDS; band++) {
            distribution_values_clear(&picture->spreads[kind][band]);
        }
    }
    *picture = (struct rolled_picture){.slots = NULL};
}
