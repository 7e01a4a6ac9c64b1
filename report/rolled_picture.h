/* What pictures are made of where handshakes come summed up: when they were, slot by slot, and how
 * their times and ages are spread, within 0.4 %. PURE. */
#ifndef REPRISE_REPORT_ROLLED_PICTURE_H
#define REPRISE_REPORT_ROLLED_PICTURE_H

#include "report/distribution.h"
#include "report/series.h"
#include "report/spectrum.h"

#include "store/query.h"

/* What is shown as two distributions, and what each of the two is of. */
enum spread_kind {
    SPREAD_TIMES, /* handshake_ns: of full handshakes, of resumed ones */
    SPREAD_AGES,  /* age_s: of offers accepted, of those refused */
    SPREAD_KINDS
};
enum { SPREAD_BANDS = 2 };

/* ---- Of a host ---- */

/* All zero to begin with. Memory: 24 bytes for each slot and kind of handshake in it, 16 for each
 * value. */
struct rolled_picture {
    struct rollup_tally *slots;
    size_t slot_count;
    struct distribution_values spreads[SPREAD_KINDS][SPREAD_BANDS];
};

/* scratch: empty, and left so. False without memory; to be cleared either way. */
MUST_CHECK bool rolled_picture_make(struct rolled_picture *picture, const struct rollup *rollup,
                                    struct spectrum *scratch);
void rolled_picture_clear(struct rolled_picture *picture);

/* Buckets have to be as long as slots, or a multiple of it. */
void rolled_picture_series(const struct rolled_picture *picture, struct series *series);

/* ---- Of all ---- */

/* All zero to begin with; rolled_slots_clear() ends it. Memory: 160 bytes for each slot. */
struct rolled_slot;
struct rolled_slots {
    struct rolled_slot *slots; /* open addressing */
    size_t size;               /* a power of two, or 0 */
    size_t count;
};

/* False without memory. */
MUST_CHECK bool rolled_slots_add(struct rolled_slots *slots, const struct rollup *rollup);
void rolled_slots_clear(struct rolled_slots *slots);
void rolled_slots_series(const struct rolled_slots *slots, struct series *series);

/* The same of ages, of both bands. */
void rolled_ages_add(struct spectrum ages[SPREAD_BANDS], const struct rollup *rollup);

/* What a spectrum holds, in new memory. False without any. free() of both arrays ends it. */
MUST_CHECK bool rolled_values_make(struct distribution_values *out,
                                   const struct spectrum *spectrum);

#endif
