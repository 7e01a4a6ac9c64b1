#include "report/refusals.h"

#include <string.h>

void refusals_init(struct refusals *refusals)
{
    memset(refusals, 0, sizeof(*refusals));
    for (int cause = 0; cause < REFUSAL_CAUSE_COUNT; cause++) {
        refusals->causes[cause].first_ns = HANDSHAKE_NULL;
        refusals->causes[cause].last_ns = HANDSHAKE_NULL;
    }
}

static void add(struct refusals_of_cause *cause, const struct record *record)
{
    const int64_t time_ns = record->handshake.time_ns;

    if (cause->count < REFUSAL_EXAMPLES) {
        cause->examples[cause->count] = record->id;
    }
    if (cause->count == 0 || time_ns < cause->first_ns) {
        cause->first_ns = time_ns;
    }
    if (cause->count == 0 || time_ns > cause->last_ns) {
        cause->last_ns = time_ns;
    }
    cause->count++;
}

void refusals_add(struct refusals *refusals, const struct record *record)
{
    refusals->missed[record->missed]++;
    if (record->refusal_cause != REFUSAL_CAUSE_NONE) {
        refusals->count++;
        add(&refusals->causes[record->refusal_cause], record);
    }
}

size_t refusals_examples(const struct refusals_of_cause *cause)
{
    return cause->count < REFUSAL_EXAMPLES ? (size_t)cause->count : (size_t)REFUSAL_EXAMPLES;
}
