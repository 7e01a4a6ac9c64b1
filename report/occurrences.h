/* How often something was seen, from when to when, and where to look it up. PURE. */
#ifndef REPRISE_REPORT_OCCURRENCES_H
#define REPRISE_REPORT_OCCURRENCES_H

#include <stddef.h>
#include <stdint.h>

enum { OCCURRENCES_EXAMPLES = 3 };

struct occurrences {
    uint64_t count;
    int64_t first_ns; /* HANDSHAKE_NULL: none, as the next */
    int64_t last_ns;
    int64_t examples[OCCURRENCES_EXAMPLES]; /* record ids of the first ones added */
};

void occurrences_init(struct occurrences *occurrences);
void occurrences_add(struct occurrences *occurrences, int64_t id, int64_t time_ns);

/* So many at once, of which these are the smallest ids, in order: as many as occurrences keep, or
 * all. Of what was added so, and one by one in order of id, the smallest are kept. */
void occurrences_add_many(struct occurrences *occurrences, const struct occurrences *many);

/* How many examples there are. */
size_t occurrences_examples(const struct occurrences *occurrences);

#endif
