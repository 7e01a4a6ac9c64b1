/* Handshakes of a few hosts and clients, of all kinds, made of random numbers: the same for a seed.
 */
#ifndef REPRISE_TESTS_REPORT_RANDOM_HANDSHAKES_H
#define REPRISE_TESTS_REPORT_RANDOM_HANDSHAKES_H

#include "dissect/handshake.h"

int64_t random_handshakes_below(uint64_t *seed, uint64_t end);

/* number: 7 seconds later each, give or take. */
struct handshake random_handshakes_one(uint64_t *seed, int64_t number);

#endif
