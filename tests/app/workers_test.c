#include "app/workers.h"

#include <dirent.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MAX_TAKEN = 1024, SHOPS_HANDSHAKES = 63, PATH_BYTES = 512, PAGE = 4096 };

static const int64_t wait_ns = 100000000;
static const char *const shops = "pcaps/shops.pcap";

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

/* How captures are read. */
struct way {
    unsigned jobs;
    size_t read_bytes; /* 0: as always */
    bool ticks;        /* the quiet is told after each read, as on a slow interface */
    const char *filter;
};

static struct capture *open_captures(const char *const *paths, size_t count, const struct way *way)
{
    struct capture_options options;
    struct capture *capture;
    struct error error;

    capture_options_init(&options);
    options.sources = paths;
    options.source_count = count;
    options.filter = way->filter;
    if (way->read_bytes != 0) {
        options.read_bytes = way->read_bytes;
    }
    assert_int_equal(capture_open_files(&options, &capture, &error), CAPTURE_OPENED);
    return capture;
}

static struct workers *make_workers(unsigned jobs, struct capture *capture)
{
    struct dissector_options dissector;
    struct error error;

    dissector_options_init(&dissector);
    dissector.max_conversations = 8192; /* tables are made several hundred times */
    dissector.max_handshakes = 2048;
    dissector.max_buffer_bytes = 8 * 1024 * 1024;
    memset(dissector.flow_key, 7, sizeof(dissector.flow_key));
    const struct workers_options options = {
        .jobs = jobs, .capture = capture, .dissector = &dissector};
    struct workers *workers = workers_new(&options, &error);
    assert_non_null(workers);
    return workers;
}

/* How many problems there were with the captures. */
static unsigned read_all(struct workers *workers, bool ticks)
{
    struct error error;
    struct intake_times times;
    enum capture_result result;
    unsigned problems = 0;

    while ((result = workers_read(workers, &error)) != CAPTURE_END) {
        problems += result == CAPTURE_PROBLEM;
        workers_times(workers, &times);
        if (ticks && times.latest_ns != INTAKE_NO_TIME) {
            workers_tick(workers, times.latest_ns);
        }
    }
    return problems;
}

/* What came of captures. The caller frees it. */
struct reading {
    struct taken taken;
    struct dissector_counters counters;
    struct capture_statistics statistics;
    struct intake_times times;
    unsigned problems;
};

static struct reading *dissect(const char *const *paths, size_t count, const struct way *way)
{
    struct reading *reading = calloc(1, sizeof(*reading));
    struct capture *capture = open_captures(paths, count, way);
    pthread_t thread;

    assert_non_null(reading);
    struct workers *const workers = make_workers(way->jobs, capture);
    reading->taken.workers = workers;
    assert_int_equal(pthread_create(&thread, NULL, take_all, &reading->taken), 0);
    reading->problems = read_all(workers, way->ticks);
    workers_finish(workers);
    workers_close(workers);
    assert_int_equal(pthread_join(thread, NULL), 0);
    workers_counters(workers, &reading->counters);
    workers_statistics(workers, &reading->statistics);
    workers_times(workers, &reading->times);
    workers_free(workers);
    capture_close(capture);
    return reading;
}

static void expect_same_handshakes(const struct taken *a, const struct taken *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        const struct handshake *const x = &a->handshakes[i];
        const struct handshake *const y = &b->handshakes[i];
        assert_int_equal(x->time_ns, y->time_ns);
        assert_int_equal(x->verdict, y->verdict);
        assert_int_equal(x->certainty, y->certainty);
        assert_int_equal(x->handshake_ns, y->handshake_ns);
        assert_int_equal(x->client.port, y->client.port);
        assert_string_equal(x->messages, y->messages);
        assert_true(x->estimated_tickets == y->estimated_tickets);
        assert_true(x->estimated_ticket_bytes == y->estimated_ticket_bytes);
        assert_memory_equal(&x->session_offered, &y->session_offered, sizeof(x->session_offered));
    }
}

static void expect_same(const struct reading *a, const struct reading *b)
{
    expect_same_handshakes(&a->taken, &b->taken);
    assert_memory_equal(&a->counters, &b->counters, sizeof(a->counters));
    assert_memory_equal(&a->statistics, &b->statistics, sizeof(a->statistics));
    assert_memory_equal(&a->times, &b->times, sizeof(a->times));
    assert_int_equal(a->problems, b->problems);
}

static void next_gives_the_same_in_the_same_order_for_any_number_of_jobs(void **state)
{
    struct reading *const one = dissect(&shops, 1, &(struct way){.jobs = 1});

    (void)state;
    assert_int_equal(one->taken.count, SHOPS_HANDSHAKES);
    for (unsigned jobs = 2; jobs <= 7; jobs++) {
        struct reading *const several = dissect(&shops, 1, &(struct way){.jobs = jobs});
        expect_same(one, several);
        free(several);
    }
    free(one);
}

static void tick_changes_nothing_but_when_it_comes(void **state)
{
    struct reading *const one = dissect(&shops, 1, &(struct way){.jobs = 1});
    struct reading *const ticked =
        dissect(&shops, 1, &(struct way){.jobs = 3, .read_bytes = PAGE, .ticks = true});

    (void)state;
    expect_same(one, ticked);
    free(one);
    free(ticked);
}

/* ---- All captures, in small parts ---- */

static int by_what_they_are(const void *a, const void *b)
{
    const struct handshake *const x = a;
    const struct handshake *const y = b;

    if (x->time_ns != y->time_ns) {
        return x->time_ns < y->time_ns ? -1 : 1;
    }
    if (x->client.port != y->client.port) {
        return x->client.port < y->client.port ? -1 : 1;
    }
    return strcmp(x->messages, y->messages);
}

/* What silence or the end cuts off comes in any order. */
static void sort(struct taken *taken)
{
    qsort(taken->handshakes, taken->count, sizeof(taken->handshakes[0]), by_what_they_are);
}

/* As with one job that reads as always. */
static void expect_same_in_parts(const char *const *paths, size_t count, const char *filter)
{
    static const struct way ways[] = {
        {.jobs = 1, .read_bytes = PAGE}, {.jobs = 2},
        {.jobs = 2, .read_bytes = PAGE}, {.jobs = 2, .read_bytes = (size_t)16 * PAGE},
        {.jobs = 3, .read_bytes = PAGE}, {.jobs = 8, .read_bytes = PAGE},
    };
    struct reading *const one = dissect(paths, count, &(struct way){.jobs = 1, .filter = filter});

    sort(&one->taken);
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        struct way way = ways[i];
        way.filter = filter;
        struct reading *const other = dissect(paths, count, &way);
        sort(&other->taken);
        expect_same(one, other);
        free(other);
    }
    free(one);
}

static bool is_capture(const char *name)
{
    return strstr(name, ".pcap") != NULL && strstr(name, ".json") == NULL;
}

static int is_listed(const struct dirent *entry)
{
    return is_capture(entry->d_name);
}

static void every_capture_gives_the_same_in_parts_of_any_size(void **state)
{
    struct dirent **entries;
    const int count = scandir("pcaps", &entries, is_listed, alphasort);

    (void)state;
    assert_true(count > 20);
    for (int i = 0; i < count; i++) {
        char path[PATH_BYTES];
        const char *const paths[] = {path};
        (void)snprintf(path, sizeof(path), "pcaps/%s", entries[i]->d_name);
        expect_same_in_parts(paths, 1, NULL);
        free(entries[i]);
    }
    free(entries);
}

static void several_files_and_a_filter_give_the_same_in_parts(void **state)
{
    const char *const paths[] = {"pcaps/shops.pcap", "pcaps/tls12-full.pcap", "pcaps/nowhere.pcap",
                                 "pcaps/tls13-full.pcap"};

    (void)state;
    expect_same_in_parts(paths, 4, NULL);
    expect_same_in_parts(paths, 4, "tcp port 443 and greater 70");
}

/* ---- Ends ---- */

static void tick_lets_through_what_was_read(void **state)
{
    static const char *const path = "pcaps/tls12-full.pcap";
    const struct way way = {.jobs = 2};
    struct capture *capture = open_captures(&path, 1, &way);
    struct workers *workers = make_workers(way.jobs, capture);
    struct handshake handshake;
    size_t count = 0;

    (void)state;
    assert_int_equal(read_all(workers, false), 0);
    workers_tick(workers, 0);
    while (count < 4) {
        count += workers_next(workers, &handshake, wait_ns) == WORKERS_HANDSHAKE;
    }
    workers_close(workers);
    while (workers_next(workers, &handshake, wait_ns) != WORKERS_CLOSED) {
        count++;
    }
    assert_in_range(count, 4, 8); /* nothing but rounds without a handshake */
    assert_int_equal(workers_next(workers, &handshake, wait_ns), WORKERS_CLOSED);
    workers_free(workers);
    capture_close(capture);
}

static void next_waits_no_longer_than_asked(void **state)
{
    struct handshake handshake;

    (void)state;
    for (unsigned jobs = 1; jobs <= 2; jobs++) {
        const struct way way = {.jobs = jobs};
        struct capture *capture = open_captures(&shops, 1, &way);
        struct workers *workers = make_workers(jobs, capture);
        assert_int_equal(workers_next(workers, &handshake, 1), WORKERS_NOTHING);
        workers_close(workers);
        workers_free(workers);
        capture_close(capture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(next_gives_the_same_in_the_same_order_for_any_number_of_jobs),
        cmocka_unit_test(tick_changes_nothing_but_when_it_comes),
        cmocka_unit_test(every_capture_gives_the_same_in_parts_of_any_size),
        cmocka_unit_test(several_files_and_a_filter_give_the_same_in_parts),
        cmocka_unit_test(tick_lets_through_what_was_read),
        cmocka_unit_test(next_waits_no_longer_than_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
