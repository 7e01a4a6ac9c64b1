#include "app/outlets.h"

#include "app/clock.h"
#include "app/condition.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum {
    RING_ITEMS = 1024,
    WORTH_WAKING = 64, /* handshakes that wait */
};

struct item {
    uint64_t sequence;
    struct handshake handshake;
};

/* The ring of one thread that puts. Both counts only grow. */
struct outlet {
    atomic_size_t put;
    atomic_size_t taken;
    _Atomic uint64_t passed; /* all up to here were put */
    atomic_bool is_closed;
    struct item *items;
};

struct outlets {
    pthread_mutex_t lock; /* for the two waits alone */
    pthread_cond_t has_some;
    pthread_cond_t has_room;
    atomic_bool taker_waits;
    atomic_uint putters_wait;
    unsigned count;
    struct outlet outlet[];
};

struct outlets *outlets_new(unsigned count)
{
    struct outlets *outlets = calloc(1, sizeof(*outlets) + count * sizeof(outlets->outlet[0]));

    if (outlets == NULL) {
        return NULL;
    }
    (void)pthread_mutex_init(&outlets->lock, NULL);
    condition_init(&outlets->has_some);
    condition_init(&outlets->has_room);
    outlets->count = count;
    for (unsigned i = 0; i < count; i++) {
        outlets->outlet[i].items = malloc(RING_ITEMS * sizeof(struct item));
        if (outlets->outlet[i].items == NULL) {
            outlets_free(outlets);
            return NULL;
        }
    }
    return outlets;
}

void outlets_free(struct outlets *outlets)
{
    if (outlets == NULL) {
        return;
    }
    for (unsigned i = 0; i < outlets->count; i++) {
        free(outlets->outlet[i].items);
    }
    (void)pthread_mutex_destroy(&outlets->lock);
    (void)pthread_cond_destroy(&outlets->has_some);
    (void)pthread_cond_destroy(&outlets->has_room);
    free(outlets);
}

/* ---- The putting sides ---- */

static size_t waiting(struct outlet *outlet)
{
    const size_t taken = atomic_load(&outlet->taken);

    return atomic_load(&outlet->put) - taken;
}

void outlets_flush(struct outlets *outlets)
{
    if (!atomic_load(&outlets->taker_waits)) {
        return;
    }
    (void)pthread_mutex_lock(&outlets->lock);
    (void)pthread_cond_signal(&outlets->has_some);
    (void)pthread_mutex_unlock(&outlets->lock);
}

static void wait_for_room(struct outlets *outlets, struct outlet *outlet)
{
    (void)pthread_mutex_lock(&outlets->lock);
    atomic_fetch_add(&outlets->putters_wait, 1);
    while (waiting(outlet) == RING_ITEMS) {
        (void)pthread_cond_signal(&outlets->has_some);
        condition_wait(&outlets->has_room, &outlets->lock, CLOCK_SECOND_NS);
    }
    atomic_fetch_sub(&outlets->putters_wait, 1);
    (void)pthread_mutex_unlock(&outlets->lock);
}

struct handshake *outlets_room(struct outlets *outlets, unsigned which)
{
    struct outlet *const outlet = &outlets->outlet[which];

    if (waiting(outlet) == RING_ITEMS) {
        wait_for_room(outlets, outlet);
    }
    return &outlet->items[atomic_load(&outlet->put) % RING_ITEMS].handshake;
}

void outlets_put(struct outlets *outlets, unsigned which, uint64_t sequence)
{
    struct outlet *const outlet = &outlets->outlet[which];
    const size_t put = atomic_load(&outlet->put);

    outlet->items[put % RING_ITEMS].sequence = sequence;
    atomic_store(&outlet->put, put + 1);
    if (waiting(outlet) >= WORTH_WAKING) {
        outlets_flush(outlets);
    }
}

void outlets_pass(struct outlets *outlets, unsigned which, uint64_t sequence)
{
    atomic_store(&outlets->outlet[which].passed, sequence);
    for (unsigned i = 0; i < outlets->count; i++) {
        if (waiting(&outlets->outlet[i]) >= WORTH_WAKING) {
            outlets_flush(outlets);
            return;
        }
    }
}

void outlets_close(struct outlets *outlets, unsigned which)
{
    atomic_store(&outlets->outlet[which].is_closed, true);
    outlets_flush(outlets);
}

/* ---- The taking side ---- */

/* The handshake that was finished first, where that is certain: every other outlet shows a later
 * one, or has said that it has none. Looked at in this order: what is put before a word is seen
 * after it. */
static struct outlet *earliest(struct outlets *outlets, bool *is_over)
{
    struct outlet *best = NULL;
    uint64_t best_sequence = UINT64_MAX;
    uint64_t certain = UINT64_MAX;

    *is_over = true;
    for (unsigned i = 0; i < outlets->count; i++) {
        struct outlet *const outlet = &outlets->outlet[i];
        const bool is_closed = atomic_load(&outlet->is_closed);
        const uint64_t passed = atomic_load(&outlet->passed);
        const size_t taken = atomic_load(&outlet->taken);
        *is_over = *is_over && is_closed;
        if (atomic_load(&outlet->put) == taken) {
            certain = is_closed || passed > certain ? certain : passed;
            continue;
        }
        *is_over = false;
        const uint64_t sequence = outlet->items[taken % RING_ITEMS].sequence;
        if (best == NULL || sequence < best_sequence) {
            best = outlet;
            best_sequence = sequence;
        }
    }
    return best != NULL && best_sequence <= certain ? best : NULL;
}

static void take(struct outlets *outlets, struct outlet *outlet, struct handshake *out)
{
    const size_t taken = atomic_load(&outlet->taken);

    handshake_copy(out, &outlet->items[taken % RING_ITEMS].handshake);
    atomic_store(&outlet->taken, taken + 1);
    if (atomic_load(&outlets->putters_wait) > 0) {
        (void)pthread_mutex_lock(&outlets->lock);
        (void)pthread_cond_broadcast(&outlets->has_room);
        (void)pthread_mutex_unlock(&outlets->lock);
    }
}

enum outlets_result outlets_next(struct outlets *outlets, struct handshake *out, int64_t timeout_ns)
{
    bool is_over;
    struct outlet *first = earliest(outlets, &is_over);

    if (first == NULL && !is_over) {
        (void)pthread_mutex_lock(&outlets->lock);
        atomic_store(&outlets->taker_waits, true);
        first = earliest(outlets, &is_over);
        if (first == NULL && !is_over) {
            condition_wait(&outlets->has_some, &outlets->lock, timeout_ns);
            first = earliest(outlets, &is_over);
        }
        atomic_store(&outlets->taker_waits, false);
        (void)pthread_mutex_unlock(&outlets->lock);
    }
    if (first != NULL) {
        take(outlets, first, out);
        return OUTLETS_HANDSHAKE;
    }
    return is_over ? OUTLETS_CLOSED : OUTLETS_NOTHING;
}
