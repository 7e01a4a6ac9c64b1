#include "report/occurrences.h"

#include "dissect/handshake.h"

#include <stdbool.h>

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

static void keep_smallest(struct occurrences *occurrences, const struct occurrences *many)
{
    const size_t known = occurrences_examples(occurrences);
    const size_t added = occurrences_examples(many);
    int64_t both[2 * OCCURRENCES_EXAMPLES];
    size_t a = 0;
    size_t b = 0;

    for (size_t i = 0; i < known + added; i++) {
        const bool is_known =
            b == added || (a < known && occurrences->examples[a] <= many->examples[b]);
        both[i] = is_known ? occurrences->examples[a++] : many->examples[b++];
    }
    for (size_t i = 0; i < known + added && i < OCCURRENCES_EXAMPLES; i++) {
        occurrences->examples[i] = both[i];
    }
}

void occurrences_add_many(struct occurrences *occurrences, const struct occurrences *many)
{
    if (many->count == 0) {
        return;
    }
    keep_smallest(occurrences, many);
    if (occurrences->count == 0 || many->first_ns < occurrences->first_ns) {
        occurrences->first_ns = many->first_ns;
    }
    if (occurrences->count == 0 || many->last_ns > occurrences->last_ns) {
        occurrences->last_ns = many->last_ns;
    }
    occurrences->count += many->count;
}
