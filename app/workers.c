#include "app/workers.h"

#include "app/batch.h"
#include "app/clock.h"
#include "app/tally.h"

#include "base/queue.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    OUT_ITEMS = 1024,      /* handshakes between a dissector and whoever takes them */
    BATCHES = 2,           /* per worker: one is filled while the other is dissected */
    MIN_CONVERSATIONS = 2, /* of a flow table */
};

struct item {
    bool is_round_end; /* else a handshake */
    uint64_t sequence; /* number of the frame that finished it */
    struct handshake handshake;
};

struct worker {
    struct dissector *dissector;
    struct queue *out; /* of struct item */
    /* The taking side's: the item whose turn has not come. */
    struct item head;
    bool has_head;
    bool is_drained;
    /* With threads only. */
    struct queue *todo; /* of struct batch *, to the worker */
    struct queue *idle; /* of struct batch *, back from it */
    struct batch batches[BATCHES];
    struct batch *filling;
    pthread_t thread;
    bool has_thread;
    pthread_mutex_t lock; /* of what follows */
    struct dissector_counters counters;
};

struct workers {
    unsigned count;
    bool has_threads;
    uint64_t sequence; /* of the frame fed last */
    uint64_t hash_key;
    struct worker worker[];
};

static void drain(struct worker *worker, uint64_t sequence)
{
    struct item item; /* of a kilobyte, and for most frames never filled */

    while (dissector_next(worker->dissector, &item.handshake)) {
        item.is_round_end = false;
        item.sequence = sequence;
        queue_push(worker->out, &item);
    }
}

static void publish_counters(struct worker *worker)
{
    (void)pthread_mutex_lock(&worker->lock);
    worker->counters = *dissector_counters(worker->dissector);
    (void)pthread_mutex_unlock(&worker->lock);
}

/* A dissector ends a few silent handshakes per frame: as many as with all the frames. */
static void let_time_pass(struct worker *worker, const struct batch_time *time, uint64_t sequence)
{
    const struct dissector_counters *const counters = dissector_counters(worker->dissector);
    uint64_t evicted = UINT64_MAX;

    for (unsigned i = 0; i < time->count && counters->evicted_handshakes != evicted; i++) {
        evicted = counters->evicted_handshakes;
        dissector_tick(worker->dissector, time->latest_ns);
        drain(worker, sequence);
    }
}

static void dissect(struct worker *worker, const struct batch *batch)
{
    const struct item round_end = {.is_round_end = true, .sequence = batch->end_sequence};

    for (size_t i = 0; i < batch->count; i++) {
        const struct batch_frame *const next = &batch->frames[i];
        let_time_pass(worker, &next->before, next->sequence);
        dissector_feed(worker->dissector, &next->frame);
        drain(worker, next->sequence);
    }
    let_time_pass(worker, &batch->passed, batch->end_sequence);
    if (batch->is_last) {
        dissector_finish(worker->dissector);
    }
    drain(worker, batch->end_sequence);
    publish_counters(worker);
    queue_push(worker->out, &round_end);
}

static void *work(void *argument)
{
    struct worker *worker = argument;
    struct batch *batch;

    for (;;) {
        switch (queue_pop(worker->todo, &batch, CLOCK_SECOND_NS)) {
        case QUEUE_ITEM:
            dissect(worker, batch);
            queue_push(worker->idle, &batch);
            break;
        case QUEUE_TIMEOUT:
            break;
        case QUEUE_CLOSED:
            queue_close(worker->out);
            return NULL;
        }
    }
}

static bool start_thread(struct worker *worker)
{
    worker->todo = queue_new(sizeof(struct batch *), BATCHES);
    worker->idle = queue_new(sizeof(struct batch *), BATCHES);
    for (size_t i = 0; i < BATCHES; i++) {
        if (!batch_init(&worker->batches[i])) {
            return false;
        }
    }
    if (worker->todo == NULL || worker->idle == NULL) {
        return false;
    }
    worker->filling = &worker->batches[0];
    struct batch *const other = &worker->batches[1];
    queue_push(worker->idle, &other);
    worker->has_thread = pthread_create(&worker->thread, NULL, work, worker) == 0;
    return worker->has_thread;
}

static bool start(struct worker *worker, bool has_thread, const struct dissector_options *options,
                  struct error *error)
{
    (void)pthread_mutex_init(&worker->lock, NULL);
    worker->dissector = dissector_new(options, error);
    if (worker->dissector == NULL) {
        return false;
    }
    worker->out = queue_new(sizeof(struct item), OUT_ITEMS);
    if (worker->out == NULL || (has_thread && !start_thread(worker))) {
        return error_set(error, "no memory or no thread to dissect with");
    }
    return true;
}

/* All dissectors together have what one would have. */
static struct dissector_options share_of(const struct dissector_options *whole, unsigned jobs)
{
    struct dissector_options share = *whole;

    share.max_conversations = whole->max_conversations / jobs;
    share.max_handshakes = whole->max_handshakes / jobs;
    share.max_buffer_bytes = whole->max_buffer_bytes / jobs;
    if (share.max_conversations < MIN_CONVERSATIONS) {
        share.max_conversations = MIN_CONVERSATIONS;
    }
    return share;
}

struct workers *workers_new(unsigned jobs, const struct dissector_options *options,
                            struct error *error)
{
    struct workers *workers = calloc(1, sizeof(*workers) + jobs * sizeof(workers->worker[0]));
    const struct dissector_options share = share_of(options, jobs);

    if (workers == NULL) {
        (void)error_set(error, "no memory to dissect with");
        return NULL;
    }
    workers->has_threads = jobs > 1;
    memcpy(&workers->hash_key, options->flow_key, sizeof(workers->hash_key));
    while (workers->count < jobs) {
        if (!start(&workers->worker[workers->count++], workers->has_threads, &share, error)) {
            workers_close(workers);
            workers_free(workers);
            return NULL;
        }
    }
    return workers;
}

static void clear_worker(struct worker *worker)
{
    if (worker->has_thread) {
        (void)pthread_join(worker->thread, NULL);
    }
    for (size_t i = 0; i < BATCHES; i++) {
        batch_clear(&worker->batches[i]);
    }
    dissector_free(worker->dissector);
    queue_free(worker->out);
    queue_free(worker->todo);
    queue_free(worker->idle);
    (void)pthread_mutex_destroy(&worker->lock);
}

void workers_free(struct workers *workers)
{
    if (workers == NULL) {
        return;
    }
    for (unsigned i = 0; i < workers->count; i++) {
        clear_worker(&workers->worker[i]);
    }
    free(workers);
}

static uint64_t endpoint_hash(const struct endpoint *endpoint, uint64_t key)
{
    uint64_t half[2];

    memcpy(half, endpoint->address, sizeof(half));
    uint64_t hash = (half[0] ^ key) * UINT64_C(0x9e3779b97f4a7c15);
    hash = (hash ^ (hash >> 29) ^ half[1] ^ endpoint->port) * UINT64_C(0xbf58476d1ce4e5b9);
    return hash ^ (hash >> 32);
}

/* The same for both directions of a conversation. What belongs to none goes to the first, which
 * counts it. */
static struct worker *worker_of(struct workers *workers, const struct frame *frame)
{
    struct segment segment;

    const enum packet_result result = packet_parse(frame, &segment);
    if (result != PACKET_TCP && result != PACKET_UDP) {
        return &workers->worker[0];
    }
    const uint64_t hash = endpoint_hash(&segment.source, workers->hash_key) +
                          endpoint_hash(&segment.destination, workers->hash_key);
    return &workers->worker[(hash >> 32) * workers->count >> 32];
}

/* Waits for a batch that the worker is done with. */
static struct batch *idle_batch(struct worker *worker)
{
    struct batch *batch = NULL;
    enum queue_result result;

    do {
        result = queue_pop(worker->idle, &batch, CLOCK_SECOND_NS);
    } while (result != QUEUE_ITEM);
    batch_empty(batch);
    return batch;
}

/* Sends each worker its batch, also an empty one: their round ends keep step. */
static void send_round(struct workers *workers, bool is_last)
{
    for (unsigned i = 0; i < workers->count; i++) {
        struct worker *const worker = &workers->worker[i];
        worker->filling->end_sequence = workers->sequence;
        worker->filling->is_last = is_last;
        queue_push(worker->todo, &worker->filling);
    }
    for (unsigned i = 0; i < workers->count; i++) {
        workers->worker[i].filling = idle_batch(&workers->worker[i]);
    }
}

static void share_out(struct workers *workers, const struct frame *frame)
{
    struct worker *const worker = worker_of(workers, frame);

    if (!batch_add(worker->filling, frame, workers->sequence)) {
        send_round(workers, false);
        const bool fits = batch_add(worker->filling, frame, workers->sequence);
        assert(fits);
        (void)fits;
    }
    for (unsigned i = 0; i < workers->count; i++) {
        if (&workers->worker[i] != worker) {
            batch_pass(workers->worker[i].filling, frame->time_ns);
        }
    }
}

void workers_feed(struct workers *workers, const struct frame *frame)
{
    workers->sequence++;
    if (workers->has_threads) {
        share_out(workers, frame);
        return;
    }
    dissector_feed(workers->worker[0].dissector, frame);
    drain(&workers->worker[0], workers->sequence);
}

void workers_tick(struct workers *workers, int64_t now_ns)
{
    if (!workers->has_threads) {
        dissector_tick(workers->worker[0].dissector, now_ns);
        drain(&workers->worker[0], workers->sequence);
        return;
    }
    for (unsigned i = 0; i < workers->count; i++) {
        batch_pass(workers->worker[i].filling, now_ns);
    }
    send_round(workers, false);
}

void workers_finish(struct workers *workers)
{
    if (workers->has_threads) {
        send_round(workers, true);
        return;
    }
    dissector_finish(workers->worker[0].dissector);
    drain(&workers->worker[0], workers->sequence);
}

void workers_close(struct workers *workers)
{
    for (unsigned i = 0; i < workers->count; i++) {
        const struct worker *const worker = &workers->worker[i];
        if (worker->has_thread) {
            queue_close(worker->todo);
        } else if (worker->out != NULL) {
            queue_close(worker->out);
        }
    }
}

void workers_counters(struct workers *workers, struct dissector_counters *out)
{
    *out = (struct dissector_counters){0};
    for (unsigned i = 0; i < workers->count; i++) {
        struct worker *const worker = &workers->worker[i];
        if (!workers->has_threads) {
            publish_counters(worker);
        }
        (void)pthread_mutex_lock(&worker->lock);
        tally_add_dissector(out, &worker->counters);
        (void)pthread_mutex_unlock(&worker->lock);
    }
}

/* Makes sure that a worker shows its next item, unless it has no more. */
static bool show_head(struct worker *worker, int64_t timeout_ns)
{
    if (worker->has_head || worker->is_drained) {
        return true;
    }
    switch (queue_pop(worker->out, &worker->head, timeout_ns)) {
    case QUEUE_ITEM:
        worker->has_head = true;
        return true;
    case QUEUE_CLOSED:
        worker->is_drained = true;
        return true;
    case QUEUE_TIMEOUT:
        break;
    }
    return false;
}

/* The handshake that was finished first; NULL when all workers are at the end of the round. */
static struct worker *earliest(struct workers *workers)
{
    struct worker *best = NULL;

    for (unsigned i = 0; i < workers->count; i++) {
        struct worker *const worker = &workers->worker[i];
        if (worker->has_head && !worker->head.is_round_end &&
            (best == NULL || worker->head.sequence < best->head.sequence)) {
            best = worker;
        }
    }
    return best;
}

/* False when there is no next round. */
static bool begin_next_round(struct workers *workers)
{
    bool is_drained = true;

    for (unsigned i = 0; i < workers->count; i++) {
        workers->worker[i].has_head = false;
        is_drained = is_drained && workers->worker[i].is_drained;
    }
    return !is_drained;
}

static bool show_heads(struct workers *workers, int64_t timeout_ns)
{
    for (unsigned i = 0; i < workers->count; i++) {
        if (!show_head(&workers->worker[i], timeout_ns)) {
            return false;
        }
    }
    return true;
}

enum workers_result workers_next(struct workers *workers, struct handshake *out, int64_t timeout_ns)
{
    if (!show_heads(workers, timeout_ns)) {
        return WORKERS_NOTHING;
    }
    struct worker *const best = earliest(workers);
    if (best != NULL) {
        *out = best->head.handshake;
        best->has_head = false;
        return WORKERS_HANDSHAKE;
    }
    return begin_next_round(workers) ? WORKERS_NOTHING : WORKERS_CLOSED;
}
