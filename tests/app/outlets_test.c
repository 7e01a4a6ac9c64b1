/* Handshakes of several threads in one order. */
#include "app/outlets.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static const int64_t no_wait_ns = 1;
static const int64_t long_wait_ns = INT64_C(60000000000);

static struct outlets *make(unsigned count)
{
    struct outlets *outlets = outlets_new(count);

    assert_non_null(outlets);
    return outlets;
}

/* A handshake that is told by its time. */
static void put(struct outlets *outlets, unsigned which, uint64_t sequence, int64_t time_ns)
{
    struct handshake *const room = outlets_room(outlets, which);

    *room = (struct handshake){.time_ns = time_ns};
    outlets_put(outlets, which, sequence);
}

static void expect(struct outlets *outlets, int64_t time_ns)
{
    struct handshake handshake;

    assert_int_equal(outlets_next(outlets, &handshake, no_wait_ns), OUTLETS_HANDSHAKE);
    assert_int_equal(handshake.time_ns, time_ns);
}

static void expect_none(struct outlets *outlets, enum outlets_result result)
{
    struct handshake handshake;

    assert_int_equal(outlets_next(outlets, &handshake, no_wait_ns), result);
}

static void next_gives_what_was_finished_first(void **state)
{
    struct outlets *outlets = make(3);

    (void)state;
    put(outlets, 2, 30, 3);
    put(outlets, 0, 10, 1);
    put(outlets, 0, 40, 4);
    put(outlets, 1, 20, 2);
    put(outlets, 1, 50, 5);
    expect(outlets, 1);
    expect(outlets, 2);
    expect(outlets, 3);
    outlets_close(outlets, 2);
    expect(outlets, 4);
    outlets_close(outlets, 0);
    expect(outlets, 5);
    expect_none(outlets, OUTLETS_NOTHING);
    outlets_close(outlets, 1);
    expect_none(outlets, OUTLETS_CLOSED);
    expect_none(outlets, OUTLETS_CLOSED);
    outlets_free(outlets);
}

static void next_waits_for_whoever_may_have_finished_one_before(void **state)
{
    struct outlets *outlets = make(2);

    (void)state;
    put(outlets, 0, 10, 1);
    expect_none(outlets, OUTLETS_NOTHING);
    outlets_pass(outlets, 1, 9);
    expect_none(outlets, OUTLETS_NOTHING);
    outlets_pass(outlets, 1, 10);
    expect(outlets, 1);
    outlets_free(outlets);
}

static void of_one_frame_the_first_outlet_comes_first(void **state)
{
    struct outlets *outlets = make(2);

    (void)state;
    put(outlets, 1, 10, 2);
    put(outlets, 0, 10, 1);
    put(outlets, 0, 11, 3);
    expect(outlets, 1);
    expect(outlets, 2);
    outlets_free(outlets);
}

enum { MANY = 5000 };

static void *put_many(void *argument)
{
    struct outlets *const outlets = argument;

    for (uint64_t i = 1; i <= MANY; i++) {
        put(outlets, 1, 2 * i + 1, (int64_t)(2 * i + 1));
    }
    outlets_close(outlets, 1);
    return NULL;
}

/* Far more than there is room for. */
static void *put_many_others(void *argument)
{
    struct outlets *const outlets = argument;

    for (uint64_t i = 1; i <= MANY; i++) {
        put(outlets, 0, 2 * i, (int64_t)(2 * i));
    }
    outlets_close(outlets, 0);
    return NULL;
}

static void threads_wait_for_room_and_nothing_is_lost(void **state)
{
    struct outlets *outlets = make(2);
    struct handshake handshake;
    pthread_t threads[2];
    int64_t expected_ns = 2;
    enum outlets_result result;

    (void)state;
    assert_int_equal(pthread_create(&threads[0], NULL, put_many, outlets), 0);
    assert_int_equal(pthread_create(&threads[1], NULL, put_many_others, outlets), 0);
    while ((result = outlets_next(outlets, &handshake, long_wait_ns)) != OUTLETS_CLOSED) {
        if (result == OUTLETS_HANDSHAKE) {
            assert_int_equal(handshake.time_ns, expected_ns);
            expected_ns++;
        }
    }
    assert_int_equal(expected_ns, 2 * MANY + 2);
    assert_int_equal(pthread_join(threads[0], NULL), 0);
    assert_int_equal(pthread_join(threads[1], NULL), 0);
    outlets_free(outlets);
}

static void *put_one(void *argument)
{
    struct outlets *const outlets = argument;

    put(outlets, 0, 1, 7);
    outlets_flush(outlets);
    return NULL;
}

static void flush_wakes_whoever_waits_for_the_first_one(void **state)
{
    struct outlets *outlets = make(1);
    struct handshake handshake;
    pthread_t thread;
    enum outlets_result result;

    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, put_one, outlets), 0);
    do {
        result = outlets_next(outlets, &handshake, long_wait_ns);
    } while (result == OUTLETS_NOTHING);
    assert_int_equal(result, OUTLETS_HANDSHAKE);
    assert_int_equal(handshake.time_ns, 7);
    assert_int_equal(pthread_join(thread, NULL), 0);
    outlets_free(outlets);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(next_gives_what_was_finished_first),
        cmocka_unit_test(next_waits_for_whoever_may_have_finished_one_before),
        cmocka_unit_test(of_one_frame_the_first_outlet_comes_first),
        cmocka_unit_test(threads_wait_for_room_and_nothing_is_lost),
        cmocka_unit_test(flush_wakes_whoever_waits_for_the_first_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
