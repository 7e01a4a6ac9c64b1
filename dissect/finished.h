/* Finished handshakes on their way out: a ring of fixed size, emptied after each frame. */
#ifndef REPRISE_DISSECT_FINISHED_H
#define REPRISE_DISSECT_FINISHED_H

#include "dissect/handshake.h"

enum { FINISHED_MAX = 24 }; /* more than one frame can finish */

/* Zero-initialised but for has_any. */
struct finished {
    bool *has_any; /* becomes true with each that is pushed; the owner's to clear */
    struct handshake ring[FINISHED_MAX];
    unsigned first;
    unsigned count;
};

void finished_push(struct finished *finished, const struct handshake *handshake);

/* The oldest, of at least one. */
void finished_take(struct finished *finished, struct handshake *out);

/* The oldest; false when there is none. */
MUST_CHECK static inline bool finished_pop(struct finished *finished, struct handshake *out)
{
    if (finished->count == 0) {
        return false;
    }
    finished_take(finished, out);
    return true;
}

#endif
