#include "base/queue.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

static const int64_t millisecond_ns = 1000000;
static const int64_t second_ns = 1000000000;

static int64_t monotonic_ns(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * second_ns + now.tv_nsec;
}

static struct queue *new_of_ints(size_t capacity)
{
    struct queue *queue = queue_new(sizeof(int), capacity);
    assert_non_null(queue);
    return queue;
}

static void items_come_out_in_the_order_they_went_in(void **state)
{
    (void)state;
    struct queue *queue = new_of_ints(3);
    int out = 0;

    /* Five rounds of two in a ring of three: the ring's end is crossed. */
    for (int i = 0; i < 10; i += 2) {
        queue_push(queue, &(int){i});
        queue_push(queue, &(int){i + 1});
        assert_int_equal(queue_pop(queue, &out, 0), QUEUE_ITEM);
        assert_int_equal(out, i);
        assert_int_equal(queue_pop(queue, &out, 0), QUEUE_ITEM);
        assert_int_equal(out, i + 1);
    }
    queue_free(queue);
}

static void an_item_is_copied_when_it_goes_in(void **state)
{
    (void)state;
    struct queue *queue = new_of_ints(1);
    int item = 5;
    int out = 0;

    queue_push(queue, &item);
    item = 6;
    assert_int_equal(queue_pop(queue, &out, 0), QUEUE_ITEM);
    assert_int_equal(out, 5);
    queue_free(queue);
}

static void an_empty_queue_times_out_and_changes_nothing(void **state)
{
    (void)state;
    struct queue *queue = new_of_ints(1);
    const int64_t before = monotonic_ns();
    int out = 77;

    assert_int_equal(queue_pop(queue, &out, 20 * millisecond_ns), QUEUE_TIMEOUT);
    assert_true(monotonic_ns() - before >= 20 * millisecond_ns);
    assert_int_equal(out, 77);
    queue_free(queue);
}

static void a_closed_queue_says_so_after_its_last_item(void **state)
{
    (void)state;
    struct queue *queue = new_of_ints(2);
    int out = 0;

    queue_push(queue, &(int){1});
    queue_close(queue);
    assert_int_equal(queue_pop(queue, &out, 0), QUEUE_ITEM);
    assert_int_equal(out, 1);
    assert_int_equal(queue_pop(queue, &out, 60 * second_ns), QUEUE_CLOSED);
    queue_free(queue);
}

enum { MANY = 100000 };

static void *push_many_and_close(void *argument)
{
    struct queue *queue = argument;

    for (int i = 0; i < MANY; i++) {
        queue_push(queue, &i);
    }
    queue_close(queue);
    return NULL;
}

static void a_small_queue_between_threads_loses_nothing(void **state)
{
    (void)state;
    struct queue *queue = new_of_ints(3);
    pthread_t producer;
    int expected = 0;
    int out = 0;
    enum queue_result result = QUEUE_ITEM;

    assert_int_equal(pthread_create(&producer, NULL, push_many_and_close, queue), 0);
    while (result != QUEUE_CLOSED) {
        result = queue_pop(queue, &out, second_ns);
        if (result == QUEUE_ITEM) {
            assert_int_equal(out, expected);
            expected++;
        }
    }
    assert_int_equal(pthread_join(producer, NULL), 0);
    assert_int_equal(expected, MANY);
    queue_free(queue);
}

static void a_long_queue_between_threads_loses_nothing(void **state)
{
    (void)state;
    struct queue *queue = new_of_ints(256);
    pthread_t producer;
    int expected = 0;
    int out = 0;
    enum queue_result result = QUEUE_ITEM;

    assert_int_equal(pthread_create(&producer, NULL, push_many_and_close, queue), 0);
    while (result != QUEUE_CLOSED) {
        result = queue_pop(queue, &out, second_ns);
        if (result == QUEUE_ITEM) {
            assert_int_equal(out, expected);
            expected++;
        }
    }
    assert_int_equal(pthread_join(producer, NULL), 0);
    assert_int_equal(expected, MANY);
    queue_free(queue);
}

/* The consumer has taken a run of eight: what comes meanwhile is not written over it, and after it
 * there is room again. */
static void a_run_that_is_read_is_left_alone(void **state)
{
    (void)state;
    enum { CAPACITY = 64, RUN = CAPACITY / 8 };
    struct queue *queue = new_of_ints(CAPACITY);
    int out = 0;
    int pushed = 0;

    while (pushed < CAPACITY) {
        queue_push(queue, &pushed);
        pushed++;
    }
    for (int popped = 0; popped < 1000; popped++) {
        assert_int_equal(queue_pop(queue, &out, 0), QUEUE_ITEM);
        assert_int_equal(out, popped);
        if ((popped + 1) % RUN == 0) {
            for (int i = 0; i < RUN; i++) {
                queue_push(queue, &pushed);
                pushed++;
            }
        }
    }
    queue_free(queue);
}

/* Waiting for more has an end, and never loses what is there. */
static void a_single_item_of_a_long_queue_comes_out(void **state)
{
    (void)state;
    struct queue *queue = new_of_ints(1024);
    int out = 0;

    for (int i = 0; i < 3; i++) {
        queue_push(queue, &i);
        assert_int_equal(queue_pop(queue, &out, 60 * second_ns), QUEUE_ITEM);
        assert_int_equal(out, i);
        assert_int_equal(queue_pop(queue, &out, 0), QUEUE_TIMEOUT);
    }
    queue_close(queue);
    assert_int_equal(queue_pop(queue, &out, 0), QUEUE_CLOSED);
    queue_free(queue);
}

static void *push_after_a_while(void *argument)
{
    const struct timespec pause = {0, 20 * millisecond_ns};

    (void)nanosleep(&pause, NULL);
    queue_push(argument, &(int){7});
    return NULL;
}

static void a_consumer_of_a_long_queue_is_woken_by_the_first_item(void **state)
{
    (void)state;
    struct queue *queue = new_of_ints(1024);
    const int64_t before = monotonic_ns();
    pthread_t producer;
    int out = 0;

    assert_int_equal(pthread_create(&producer, NULL, push_after_a_while, queue), 0);
    assert_int_equal(queue_pop(queue, &out, 60 * second_ns), QUEUE_ITEM);
    assert_true(monotonic_ns() - before < 30 * second_ns);
    assert_int_equal(out, 7);
    assert_int_equal(pthread_join(producer, NULL), 0);
    queue_free(queue);
}

static void *close_after_a_while(void *argument)
{
    const struct timespec pause = {0, 50 * millisecond_ns};

    (void)nanosleep(&pause, NULL);
    queue_close(argument);
    return NULL;
}

static void closing_wakes_a_consumer_that_waits(void **state)
{
    (void)state;
    struct queue *queue = new_of_ints(1);
    const int64_t before = monotonic_ns();
    pthread_t closer;
    int out = 0;

    assert_int_equal(pthread_create(&closer, NULL, close_after_a_while, queue), 0);
    assert_int_equal(queue_pop(queue, &out, 60 * second_ns), QUEUE_CLOSED);
    assert_true(monotonic_ns() - before < 30 * second_ns);
    assert_int_equal(pthread_join(closer, NULL), 0);
    queue_free(queue);
}

static void freeing_nothing_is_allowed(void **state)
{
    (void)state;
    queue_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_come_out_in_the_order_they_went_in),
        cmocka_unit_test(an_item_is_copied_when_it_goes_in),
        cmocka_unit_test(an_empty_queue_times_out_and_changes_nothing),
        cmocka_unit_test(a_closed_queue_says_so_after_its_last_item),
        cmocka_unit_test(a_small_queue_between_threads_loses_nothing),
        cmocka_unit_test(a_long_queue_between_threads_loses_nothing),
        cmocka_unit_test(a_run_that_is_read_is_left_alone),
        cmocka_unit_test(a_single_item_of_a_long_queue_comes_out),
        cmocka_unit_test(a_consumer_of_a_long_queue_is_woken_by_the_first_item),
        cmocka_unit_test(closing_wakes_a_consumer_that_waits),
        cmocka_unit_test(freeing_nothing_is_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
