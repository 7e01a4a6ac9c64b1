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
    size_t first; /* index of the oldest item */
    size_t count;
    bool is_closed;
    bool consumer_waits; /* spares the producer a wake-up call for each item */
    unsigned char *items;
};

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

void queue_push(struct queue *queue, const void *item)
{
    (void)pthread_mutex_lock(&queue->lock);
    while (queue->count == queue->capacity) {
        (void)pthread_cond_wait(&queue->not_full, &queue->lock);
    }
    const size_t slot = (queue->first + queue->count) % queue->capacity;
    memcpy(queue->items + slot * queue->item_bytes, item, queue->item_bytes);
    queue->count++;
    if (queue->consumer_waits) {
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

enum queue_result queue_pop(struct queue *queue, void *item, int64_t timeout_ns)
{
    enum queue_result result = QUEUE_ITEM;
    int waited = 0;

    (void)pthread_mutex_lock(&queue->lock);
    if (queue->count == 0 && !queue->is_closed) {
        const struct timespec deadline = deadline_after(timeout_ns);
        queue->consumer_waits = true;
        while (queue->count == 0 && !queue->is_closed && waited == 0) {
            waited = pthread_cond_timedwait(&queue->not_empty, &queue->lock, &deadline);
        }
        queue->consumer_waits = false;
    }
    if (queue->count > 0) {
        memcpy(item, queue->items + queue->first * queue->item_bytes, queue->item_bytes);
        queue->first = (queue->first + 1) % queue->capacity;
        if (queue->count == queue->capacity) {
            (void)pthread_cond_signal(&queue->not_full);
        }
        queue->count--;
    } else {
        result = queue->is_closed ? QUEUE_CLOSED : QUEUE_TIMEOUT;
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
