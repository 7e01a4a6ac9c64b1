/* What a bad capture does to frames: drops, repeats, reorders and cuts them, the same for the same
 * seed. */
#ifndef REPRISE_TESTS_LOSS_HARM_H
#define REPRISE_TESTS_LOSS_HARM_H

#include "tests/loss/trace.h"

struct harm {
    double drop; /* share of frames, 0 to 1, as the next two */
    double duplicate;
    double reorder;   /* exchanged with one of the eight before it, of the last 50 ms; times stay in
                         order */
    uint32_t snaplen; /* bytes kept of each frame; 0: all */
    uint64_t seed;
};

/* *out borrows from *whole: clear it first. */
void harm_apply(const struct harm *harm, const struct trace *whole, struct trace *out);

#endif
