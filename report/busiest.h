/* The busiest hosts of a run that is under way, in a fixed amount of memory (some 1.7 MB), however
 * many hosts there are. Pure.
 *
 * Room is for BUSIEST_HOSTS hosts. When it is full, a new host takes the place of the one with the
 * lowest rank and inherits that rank plus one (Metwally, Agrawal and El Abbadi, "Efficient
 * computation of frequent and top-k elements in data streams", 2005: Space-Saving): of n
 * handshakes, a host with more than n / BUSIEST_HOSTS is never the one to go. Ranks order who goes;
 * what is shown are counts of handshakes seen since the host came in, never an estimate. The total
 * counts all.
 *
 * Medians are of histograms with 20 steps a decade, from 1 us to 100 s: within 6 % of the true one.
 */
#ifndef REPRISE_REPORT_BUSIEST_H
#define REPRISE_REPORT_BUSIEST_H

#include "store/record.h"

#include "base/attributes.h"

#include <stddef.h>

enum { BUSIEST_HOSTS = 1024 };

struct busiest;

/* NULL without memory. */
MUST_CHECK struct busiest *busiest_new(void);
void busiest_free(struct busiest *busiest);

void busiest_add(struct busiest *busiest, const struct record *record);

struct busiest_figures {
    uint64_t handshakes;
    uint64_t verdicts[VERDICT_COUNT];
    uint64_t resumed;
    uint64_t refused;       /* offers */
    int64_t full_median_ns; /* HANDSHAKE_NULL: none was timed */
    int64_t resumed_median_ns;
};

/* Puts the hosts in order: most handshakes first, then by name. Returns how many there are. */
size_t busiest_sort(struct busiest *busiest);

/* The host at this place in that order; its name is untrusted bytes, borrowed until the next
 * busiest_add(). */
const struct wire_text *busiest_host(const struct busiest *busiest, size_t place,
                                     struct busiest_figures *out);

void busiest_total(const struct busiest *busiest, struct busiest_figures *out);

/* How many times a host had to go for another. */
uint64_t busiest_let_go(const struct busiest *busiest);

#endif
