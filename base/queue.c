#include "base/queue.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t not_empty;
    pthread_cond_t not_full;
    size_t item_bytes;
    size_t capacity;
    size_t run_max; /* items that the consumer takes at a time */
    size_t first;   /* index of the oldest item */
    size_t count;
    bool is_closed;
    size_t wanted; /* items that the consumer waits for: spares the producer a call for each */
    unsigned char *items;
    /* The consumer's own: of the oldest items, these are read without the lock. */
    size_t run;
    size_t run_read;
};

static const int64_t linger_ns = 1000000;

struct queue *queue_new(size_t item_bytes, size_t capacity)
{
    struct queue *queue = calloc(1, sizeof(*queue));
    pthread_condattr_t monotonic;

    if (queue == NULL) {
        return NULL;
    }
    queue->items = calloc(capacity, item_bytes);
    if (queue->items == NULL) {
        free(queue);
        return NULL;
    }
    queue->item_bytes = item_bytes;
    queue->capacity = capacity;
    queue->run_max = capacity / 8 < QUEUE_RUN / 8 ? 1 : capacity / 8;
    (void)pthread_condattr_init(&monotonic);
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    (void)pthread_mutex_init(&queue->lock, NULL);
    (void)pthread_cond_init(&queue->not_empty, &monotonic);
    (void)pthread_cond_init(&queue->not_full, &monotonic);
    (void)pthread_condattr_destroy(&monotonic);
    return queue;
}

void queue_free(struct queue *queue)
{
    if (queue == NULL) {
        return;
    }
    (void)pthread_mutex_destroy(&queue->lock);
    (void)pthread_cond_destroy(&queue->not_empty);
    (void)pthread_cond_destroy(&queue->not_full);
    free(queue->items);
    free(queue);
}

/* Of the item that is so many behind the oldest. */
static unsigned char *place_of(const struct queue *queue, size_t behind)
{
    const size_t at = queue->first + behind;

    return queue->items + (at < queue->capacity ? at : at - queue->capacity) * queue->item_bytes;
}

void queue_push(struct queue *queue, const void *item)
{
    (void)pthread_mutex_lock(&queue->lock);
    while (queue->count == queue->capacity) {
        (void)pthread_cond_wait(&queue->not_full, &queue->lock);
    }
    memcpy(place_of(queue, queue->count), item, queue->item_bytes);
    queue->count++;
    if (queue->count == queue->wanted) {
        (void)pthread_cond_signal(&queue->not_empty);
    }
    (void)pthread_mutex_unlock(&queue->lock);
}

static struct timespec deadline_after(int64_t timeout_ns)
{
    const int64_t second_ns = 1000000000;
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    const int64_t nanoseconds = now.tv_nsec + timeout_ns % second_ns;
    now.tv_sec += timeout_ns / second_ns + nanoseconds / second_ns;
    now.tv_nsec = nanoseconds % second_ns;
    return now;
}

static void wait_for(struct queue *queue, size_t count, int64_t timeout_ns)
{
    const struct timespec deadline = deadline_after(timeout_ns);
    int waited = 0;

    queue->wanted = count;
    while (queue->count < count && !queue->is_closed && waited == 0) {
        waited = pthread_cond_timedwait(&queue->not_empty, &queue->lock, &deadline);
    }
    queue->wanted = 0;
}

static void wait_for_items(struct queue *queue, int64_t timeout_ns)
{
    if (queue->count > 0 || queue->is_closed) {
        return;
    }
    wait_for(queue, 1, timeout_ns);
    if (queue->count > 0 && queue->run_max > 1) {
        wait_for(queue, queue->run_max, linger_ns);
    }
}

/* Makes room for the producer. */
static void end_run(struct queue *queue)
{
    if (queue->count == queue->capacity) {
        (void)pthread_cond_signal(&queue->not_full);
    }
    queue->first += queue->run;
    if (queue->first >= queue->capacity) {
        queue->first -= queue->capacity;
    }
    queue->count -= queue->run;
    queue->run = 0;
    queue->run_read = 0;
}

static void read_item(struct queue *queue, void *item)
{
    memcpy(item, place_of(queue, queue->run_read), queue->item_bytes);
    queue->run_read++;
}

/* The last item of a run is read with the lock, which ends the run. */
enum queue_result queue_pop(struct queue *queue, void *item, int64_t timeout_ns)
{
    enum queue_result result = QUEUE_ITEM;

    if (queue->run_read + 1 < queue->run) {
        read_item(queue, item);
        return QUEUE_ITEM;
    }
    (void)pthread_mutex_lock(&queue->lock);
    if (queue->run == 0) {
        wait_for_items(queue, timeout_ns);
        queue->run = queue->count < queue->run_max ? queue->count : queue->run_max;
    }
    if (queue->run == 0) {
        result = queue->is_closed ? QUEUE_CLOSED : QUEUE_TIMEOUT;
    } else {
        read_item(queue, item);
    }
    if (queue->run > 0 && queue->run_read == queue->run) {
        end_run(queue);
    }
    (void)pthread_mutex_unlock(&queue->lock);
    return result;
}

void queue_close(struct queue *queue)
{
    (void)pthread_mutex_lock(&queue->lock);
    queue->is_closed = true;
    (void)pthread_cond_signal(&queue->not_empty);
    (void)pthread_mutex_unlock(&queue->lock);
}
