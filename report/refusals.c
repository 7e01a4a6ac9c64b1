#include "report/refusals.h"

void refusals_init(struct refusals *refusals)
{
    *refusals = (struct refusals){0};
    for (int cause = 0; cause < REFUSAL_CAUSE_COUNT; cause++) {
        occurrences_init(&refusals->causes[cause]);
    }
}

void refusals_add(struct refusals *refusals, const struct record *record)
{
    refusals->missed[record->missed]++;
    if (record->refusal_cause != REFUSAL_CAUSE_NONE) {
        refusals->count++;
        occurrences_add(&refusals->causes[record->refusal_cause], record->id,
                        record->handshake.time_ns);
    }
}

void refusals_add_rolled(struct refusals *refusals, const struct rolled_shape *rolled)
{
    const uint8_t cause = rolled->shape->refusal_cause;

    refusals->missed[rolled->facts.missed] += rolled->shape->count;
    if (cause != REFUSAL_CAUSE_NONE) {
        refusals->count += rolled->shape->count;
        occurrences_add_many(&refusals->causes[cause], &rolled->seen);
    }
}
