#include "report/occurrences.h"

#include "dissect/handshake.h"

void occurrences_init(struct occurrences *occurrences)
{
    *occurrences = (struct occurrences){.first_ns = HANDSHAKE_NULL, .last_ns = HANDSHAKE_NULL};
}

/* Files come out of order: the first one read need not be the first one. */
void occurrences_add(struct occurrences *occurrences, int64_t id, int64_t time_ns)
{
    if (occurrences->count < OCCURRENCES_EXAMPLES) {
        occurrences->examples[occurrences->count] = id;
    }
    if (occurrences->count == 0 || time_ns < occurrences->first_ns) {
        occurrences->first_ns = time_ns;
    }
    if (occurrences->count == 0 || time_ns > occurrences->last_ns) {
        occurrences->last_ns = time_ns;
    }
    occurrences->count++;
}

size_t occurrences_examples(const struct occurrences *occurrences)
{
    return occurrences->count < OCCURRENCES_EXAMPLES ? (size_t)occurrences->count
                                                     : (size_t)OCCURRENCES_EXAMPLES;
}
