/* Finished handshakes on their way out: a ring of fixed size, emptied after each frame. */
#ifndef REPRISE_DISSECT_FINISHED_H
#define REPRISE_DISSECT_FINISHED_H

#include "dissect/handshake.h"

enum { FINISHED_MAX = 24 }; /* more than one frame can finish */

/* Zero-initialised. */
struct finished {
    struct handshake ring[FINISHED_MAX];
    unsigned first;
    unsigned count;
};

void finished_push(struct finished *finished, const struct handshake *handshake);

/* The oldest, of at least one. */
void finished_take(struct finished *finished, struct handshake *out);

/* The oldest; false when there is none: asked after each frame, and answered so as a rule. */
MUST_CHECK static inline bool finished_pop(struct finished *finished, struct handshake *out)
{
    if (finished->count == 0) {
        return false;
    }
    finished_take(finished, out);
    return true;
}

#endif
