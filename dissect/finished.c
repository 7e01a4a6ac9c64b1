#include "dissect/finished.h"

#include <assert.h>

void finished_push(struct finished *finished, const struct handshake *handshake)
{
    assert(finished->count < FINISHED_MAX);
    handshake_copy(&finished->ring[(finished->first + finished->count) % FINISHED_MAX], handshake);
    finished->count++;
    *finished->has_any = true;
}

void finished_take(struct finished *finished, struct handshake *out)
{
    assert(finished->count > 0);
    handshake_copy(out, &finished->ring[finished->first]);
    finished->first = (finished->first + 1) % FINISHED_MAX;
    finished->count--;
}
