#include "app/workers.h"

#include "capture/capture.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MAX_TAKEN = 256, SHOPS_HANDSHAKES = 63 };

static const int64_t wait_ns = 100000000;

/* What the taking thread took. */
struct taken {
    struct workers *workers;
    size_t count;
    struct handshake handshakes[MAX_TAKEN];
};

static void *take_all(void *argument)
{
    struct taken *taken = argument;
    struct handshake handshake;
    enum workers_result result;

    do {
        result = workers_next(taken->workers, &handshake, wait_ns);
        if (result == WORKERS_HANDSHAKE && taken->count < MAX_TAKEN) {
            taken->handshakes[taken->count++] = handshake;
        }
    } while (result != WORKERS_CLOSED);
    return NULL;
}

static struct workers *make_workers(unsigned jobs)
{
    struct dissector_options options;
    struct error error;

    dissector_options_init(&options);
    memset(options.flow_key, 7, sizeof(options.flow_key));
    struct workers *workers = workers_new(jobs, &options, &error);
    assert_non_null(workers);
    return workers;
}

/* Feeds a capture; with `ticks` the quiet is told after each frame, as on a slow interface. */
static void feed_file(struct workers *workers, const char *path, bool ticks)
{
    struct capture_options options;
    struct capture *capture;
    struct frame frame;
    struct error error;

    capture_options_init(&options);
    options.sources = &path;
    options.source_count = 1;
    assert_int_equal(capture_open_files(&options, &capture, &error), CAPTURE_OPENED);
    while (capture_next(capture, &frame, &error) == CAPTURE_FRAME) {
        workers_feed(workers, &frame, 1);
        if (ticks) {
            workers_tick(workers, frame.time_ns);
        }
    }
    capture_close(capture);
}

/* The handshakes and counters of a capture with so many jobs. The caller frees what was taken. */
static struct taken *dissect(unsigned jobs, bool ticks, struct dissector_counters *counters)
{
    struct taken *taken = calloc(1, sizeof(*taken));
    pthread_t thread;

    assert_non_null(taken);
    taken->workers = make_workers(jobs);
    assert_int_equal(pthread_create(&thread, NULL, take_all, taken), 0);
    feed_file(taken->workers, "pcaps/shops.pcap", ticks);
    workers_finish(taken->workers);
    workers_close(taken->workers);
    assert_int_equal(pthread_join(thread, NULL), 0);
    workers_counters(taken->workers, counters);
    workers_free(taken->workers);
    return taken;
}

static void expect_same(const struct taken *a, const struct taken *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        const struct handshake *const x = &a->handshakes[i];
        const struct handshake *const y = &b->handshakes[i];
        assert_int_equal(x->time_ns, y->time_ns);
        assert_int_equal(x->verdict, y->verdict);
        assert_int_equal(x->handshake_ns, y->handshake_ns);
        assert_int_equal(x->client.port, y->client.port);
        assert_string_equal(x->messages, y->messages);
        assert_true(x->estimated_tickets == y->estimated_tickets);
        assert_true(x->estimated_ticket_bytes == y->estimated_ticket_bytes);
        assert_memory_equal(&x->session_offered, &y->session_offered, sizeof(x->session_offered));
    }
}

static void next_gives_the_same_in_the_same_order_for_any_number_of_jobs(void **state)
{
    struct dissector_counters counters;
    struct dissector_counters other;
    struct taken *const one = dissect(1, false, &counters);

    (void)state;
    assert_int_equal(one->count, SHOPS_HANDSHAKES);
    for (unsigned jobs = 2; jobs <= 7; jobs++) {
        struct taken *const several = dissect(jobs, false, &other);
        expect_same(one, several);
        assert_memory_equal(&counters, &other, sizeof(counters));
        free(several);
    }
    free(one);
}

static void tick_changes_nothing_but_when_it_comes(void **state)
{
    struct dissector_counters counters;
    struct taken *const one = dissect(1, false, &counters);
    struct taken *const ticked = dissect(3, true, &counters);

    (void)state;
    expect_same(one, ticked);
    free(one);
    free(ticked);
}

/* What comes after the ends of a few rounds. */
static enum workers_result after_rounds(struct workers *workers)
{
    struct handshake handshake;
    enum workers_result result = WORKERS_NOTHING;

    for (int i = 0; i < 4 && result == WORKERS_NOTHING; i++) {
        result = workers_next(workers, &handshake, wait_ns);
    }
    return result;
}

static void tick_lets_through_what_was_fed(void **state)
{
    struct handshake handshake;
    struct workers *workers = make_workers(2);
    size_t count = 0;

    (void)state;
    feed_file(workers, "pcaps/tls12-full.pcap", false);
    workers_tick(workers, 0);
    while (count < 4 && workers_next(workers, &handshake, wait_ns) == WORKERS_HANDSHAKE) {
        count++;
    }
    assert_int_equal(count, 4);
    workers_close(workers);
    assert_int_equal(after_rounds(workers), WORKERS_CLOSED);
    assert_int_equal(workers_next(workers, &handshake, wait_ns), WORKERS_CLOSED);
    workers_free(workers);
}

static void next_waits_no_longer_than_asked(void **state)
{
    struct handshake handshake;

    (void)state;
    for (unsigned jobs = 1; jobs <= 2; jobs++) {
        struct workers *workers = make_workers(jobs);
        assert_int_equal(workers_next(workers, &handshake, 1), WORKERS_NOTHING);
        workers_close(workers);
        workers_free(workers);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(next_gives_the_same_in_the_same_order_for_any_number_of_jobs),
        cmocka_unit_test(tick_changes_nothing_but_when_it_comes),
        cmocka_unit_test(tick_lets_through_what_was_fed),
        cmocka_unit_test(next_waits_no_longer_than_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
