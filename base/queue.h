/* A bounded queue of equal items between one producer and one consumer thread. Items are copied
 * in and out. A full queue makes the producer wait, an empty one the consumer: nothing is lost
 * and nothing grows.
 *
 * A long queue (QUEUE_RUN and up) costs its threads little when they are equally fast: the consumer
 * takes a run of items at a time, an eighth of the queue at most, and one that had to wait for the
 * first of them waits up to a millisecond more for others. */
#ifndef REPRISE_BASE_QUEUE_H
#define REPRISE_BASE_QUEUE_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { QUEUE_RUN = 16 };

struct queue;

MUST_CHECK struct queue *queue_new(size_t item_bytes, size_t capacity);
void queue_free(struct queue *queue);

/* Waits while the queue is full. */
void queue_push(struct queue *queue, const void *item);

enum queue_result { QUEUE_ITEM, QUEUE_TIMEOUT, QUEUE_CLOSED };

/* Waits at most timeout_ns for an item. QUEUE_CLOSED comes once, after the last item. */
MUST_CHECK enum queue_result queue_pop(struct queue *queue, void *item, int64_t timeout_ns);

/* The producer's last word. */
void queue_close(struct queue *queue);

#endif
