#include "app/workers.h"

#include "app/batch.h"
#include "app/clock.h"
#include "app/share.h"
#include "app/tally.h"

#include "dissect/net/inner_frames.h"

#include "base/queue.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    OUT_ITEMS = 1024, /* handshakes between a dissector and whoever takes them */
    BATCHES = 2,      /* per worker: one is filled while the other is dissected */
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
    uint64_t sequence; /* of the frame fed last, captured or from inside others */
    uint64_t hash_key;
    struct inner_frames *inner; /* with threads only, as the next */
    struct fragments_counters fragments;
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
        if (next->is_inner) {
            dissector_feed_inner(worker->dissector, &next->frame);
        } else {
            dissector_feed(worker->dissector, &next->frame);
        }
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

static bool make_inner_frames(struct workers *workers, const struct dissector_options *options,
                              struct error *error)
{
    if (!workers->has_threads) {
        return true;
    }
    workers->inner =
        inner_frames_new(options->max_fragment_bytes, options->flow_key, &workers->fragments);
    return workers->inner != NULL || error_set(error, "no memory for fragments");
}

struct workers *workers_new(unsigned jobs, const struct dissector_options *options,
                            struct error *error)
{
    struct workers *workers = calloc(1, sizeof(*workers) + jobs * sizeof(workers->worker[0]));
    const struct dissector_options share = share_of_options(options, jobs);

    if (workers == NULL) {
        (void)error_set(error, "no memory to dissect with");
        return NULL;
    }
    workers->has_threads = jobs > 1;
    memcpy(&workers->hash_key, options->flow_key, sizeof(workers->hash_key));
    if (!make_inner_frames(workers, options, error)) {
        workers_free(workers);
        return NULL;
    }
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
    inner_frames_free(workers->inner);
    free(workers);
}

static struct worker *worker_of(struct workers *workers, const struct segment *segment)
{
    return &workers->worker[share_of_segment(segment, workers->hash_key, workers->count)];
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

static void hand_to(struct workers *workers, struct worker *worker, const struct frame *frame,
                    bool is_inner)
{
    if (!batch_add(worker->filling, frame, workers->sequence, is_inner)) {
        send_round(workers, false);
        const bool fits = batch_add(worker->filling, frame, workers->sequence, is_inner);
        assert(fits);
        (void)fits;
    }
}

static void hand_out(struct workers *workers, struct worker *worker, const struct frame *frame)
{
    hand_to(workers, worker, frame, false);
    for (unsigned i = 0; i < workers->count; i++) {
        if (&workers->worker[i] != worker) {
            batch_pass(workers->worker[i].filling, frame->time_ns);
        }
    }
}

/* Each frame from inside has a number of its own: what they finish comes out in their order. */
static void share_out_inside(struct workers *workers, enum packet_result result,
                             const struct packet *packet)
{
    struct frame frame;
    struct segment segment;

    inner_frames_add(workers->inner, result, packet);
    while (inner_frames_next(workers->inner, &frame, &segment)) {
        workers->sequence++;
        hand_to(workers, worker_of(workers, &segment), &frame, true);
    }
}

/* What belongs to no conversation goes to the first worker, which counts it. */
static void share_out(struct workers *workers, const struct frame *frame)
{
    struct packet packet;
    const enum packet_result result = packet_parse(frame, &packet);

    if (result == PACKET_TCP || result == PACKET_UDP) {
        hand_out(workers, worker_of(workers, &packet.segment), frame);
        return;
    }
    hand_out(workers, &workers->worker[0], frame);
    if (result == PACKET_FRAGMENT || result == PACKET_AGGREGATE) {
        share_out_inside(workers, result, &packet);
    }
}

static void feed(struct workers *workers, const struct frame *frame)
{
    workers->sequence++;
    if (workers->has_threads) {
        share_out(workers, frame);
        return;
    }
    dissector_feed(workers->worker[0].dissector, frame);
    drain(&workers->worker[0], workers->sequence);
}

void workers_feed(struct workers *workers, const struct frame *frames, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        feed(workers, &frames[i]);
    }
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
        inner_frames_finish(workers->inner);
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
    tally_add_fragments(&out->fragments, &workers->fragments);
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
