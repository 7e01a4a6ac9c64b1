#include "report/key_history.h"

#include "tests/report/records.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct sight {
    const char *host;
    const char *server;
    int64_t key;
    int64_t first_s;
    int64_t last_s;
};

static struct key_history *history_of(const struct sight *sights, size_t count)
{
    struct key_history *history = key_history_new();

    assert_non_null(history);
    for (size_t i = 0; i < count; i++) {
        struct key_use_record use = {
            .key = sights[i].key,
            .host = records_text(sights[i].host, strlen(sights[i].host)),
            .server = records_endpoint(sights[i].server, 443),
            .first_seen_ns = sights[i].first_s * records_s,
            .last_seen_ns = sights[i].last_s * records_s,
            .issued_count = 1,
            .offered_count = 4,
            .accepted_count = 2,
            .refused_count = 1,
        };
        (void)snprintf(use.name, sizeof(use.name), "key%d", (int)sights[i].key);
        assert_true(key_history_add(history, &use));
    }
    assert_true(key_history_finish(history));
    return history;
}

#define HISTORY(sights) history_of(sights, sizeof(sights) / sizeof((sights)[0]))

static void nothing_is_an_empty_history(void **state)
{
    (void)state;
    struct key_history *history = history_of(NULL, 0);

    assert_int_equal(key_history_keys(history), 0);
    assert_int_equal(key_history_hosts(history), 0);
    key_history_free(history);
}

/* Keys of a at 0, 100, 190 and 300 s: 100, 90 and 110 s between, of which 100 is the median. They
 * overlap two by two: 0-120 and 100-200, 190-310 and 300-400; and 120, the last sight of the first,
 * is before 190. */
static void rotation_is_the_median_between_first_sights(void **state)
{
    (void)state;
    const struct sight sights[] = {
        {"a", "192.0.2.1", 1, 0, 120},
        {"a", "192.0.2.1", 2, 100, 200},
        {"a", "192.0.2.1", 3, 190, 310},
        {"a", "192.0.2.1", 4, 300, 400},
    };
    struct key_history *history = HISTORY(sights);
    const struct key_history_host *host = key_history_host(history, 0);

    assert_int_equal(host->keys, 4);
    assert_int_equal(host->rotations, 3);
    assert_int_equal(host->rotation_ns, 100 * records_s);
    assert_int_equal(host->at_once, 2);
    assert_int_equal(host->shared, 0);
    key_history_free(history);
}

/* Two servers that rotate every 60 s, one 10 s after the other: between servers there is no
 * rotation. At 65 s keys 1 (of the second server), 2 and, from 70 s on, 2 of both: two at once. */
static void each_server_rotates_on_its_own(void **state)
{
    (void)state;
    const struct sight sights[] = {
        {"a", "192.0.2.1", 1, 0, 59},    {"a", "192.0.2.1", 2, 60, 119},
        {"a", "192.0.2.1", 3, 120, 150}, {"a", "192.0.2.2", 1, 10, 69},
        {"a", "192.0.2.2", 2, 70, 129},
    };
    struct key_history *history = HISTORY(sights);
    const struct key_history_host *host = key_history_host(history, 0);

    assert_int_equal(host->keys, 3);
    assert_int_equal(host->rotations, 3);
    assert_int_equal(host->rotation_ns, 60 * records_s);
    assert_int_equal(host->at_once, 2);
    key_history_free(history);
}

static void a_single_key_has_no_rotation(void **state)
{
    (void)state;
    const struct sight sights[] = {{"a", "192.0.2.1", 1, 0, 59}, {"a", "192.0.2.2", 1, 0, 59}};
    struct key_history *history = HISTORY(sights);

    assert_int_equal(key_history_host(history, 0)->rotation_ns, HANDSHAKE_NULL);
    assert_int_equal(key_history_host(history, 0)->at_once, 1);
    key_history_free(history);
}

/* Each of two servers is offered tickets under the other's key, and refuses them. */
static void keys_that_clients_bring_along_are_no_rotation(void **state)
{
    (void)state;
    struct key_history *history = key_history_new();

    assert_non_null(history);
    for (int i = 0; i < 4; i++) {
        const bool is_own = i == 0 || i == 3;
        const struct key_use_record use = {
            .key = 1 + i % 2,
            .host = records_text("a", 1),
            .server = records_endpoint(i < 2 ? "192.0.2.1" : "192.0.2.2", 443),
            .first_seen_ns = (is_own ? 0 : 30) * records_s,
            .last_seen_ns = 60 * records_s,
            .issued_count = is_own ? 5 : 0,
            .offered_count = 3,
            .refused_count = is_own ? 0 : 3,
        };
        assert_true(key_history_add(history, &use));
    }
    assert_true(key_history_finish(history));
    assert_int_equal(key_history_host(history, 0)->keys, 2);
    assert_int_equal(key_history_host(history, 0)->rotations, 0);
    assert_int_equal(key_history_host(history, 0)->rotation_ns, HANDSHAKE_NULL);
    key_history_free(history);
}

static void keys_are_summed_over_hosts_and_servers(void **state)
{
    (void)state;
    const struct sight sights[] = {
        {"a", "192.0.2.1", 7, 50, 60}, {"a", "192.0.2.2", 7, 40, 45}, {"b", "192.0.2.1", 7, 55, 99},
        {"b", "192.0.2.1", 9, 57, 58}, {"c", "192.0.2.9", 3, 10, 20},
    };
    struct key_history *history = HISTORY(sights);

    assert_int_equal(key_history_keys(history), 3);
    /* In the order they were first seen: 3 at 10 s, 7 at 40 s, 9 at 57 s. */
    assert_string_equal(key_history_key(history, 0)->name, "key3");
    const struct key_history_key *shared = key_history_key(history, 1);
    assert_string_equal(shared->name, "key7");
    assert_int_equal(shared->hosts, 2);
    assert_int_equal(shared->servers, 2);
    assert_int_equal(shared->first_seen_ns, 40 * records_s);
    assert_int_equal(shared->last_seen_ns, 99 * records_s);
    assert_int_equal(shared->issued_count, 3);
    assert_int_equal(shared->offered_count, 12);
    assert_int_equal(shared->accepted_count, 6);
    assert_int_equal(shared->refused_count, 3);
    assert_string_equal(key_history_key(history, 2)->name, "key9");
    assert_int_equal(key_history_hosts(history), 3);
    assert_int_equal(key_history_host(history, 0)->shared, 1);
    assert_int_equal(key_history_host(history, 1)->keys, 2);
    assert_int_equal(key_history_host(history, 1)->shared, 1);
    assert_int_equal(key_history_host(history, 2)->shared, 0);
    key_history_free(history);
}

enum { MANY = 12 };

/* The most of them in any one second. */
static uint64_t counted_at_once(const struct sight sights[MANY])
{
    uint64_t most = 0;

    for (int64_t second = 0; second < 100; second++) {
        uint64_t now = 0;
        for (size_t i = 0; i < MANY; i++) {
            now += sights[i].first_s <= second && second <= sights[i].last_s;
        }
        most = now > most ? now : most;
    }
    return most;
}

static void at_once_is_what_counting_each_second_finds(void **state)
{
    (void)state;
    uint32_t seed = 99;

    for (int round = 0; round < 200; round++) {
        struct sight sights[MANY];
        for (size_t i = 0; i < MANY; i++) {
            seed = seed * 1664525U + 1013904223U;
            const int64_t first_s = seed >> 8 & 63;
            sights[i] = (struct sight){"a", "192.0.2.1", (int64_t)i + 1, first_s,
                                       first_s + (seed >> 20 & 15)};
        }
        struct key_history *history = HISTORY(sights);
        assert_int_equal(key_history_host(history, 0)->at_once, counted_at_once(sights));
        key_history_free(history);
    }
}

static void times_at_the_ends_of_the_range_do_no_harm(void **state)
{
    (void)state;
    struct key_history *history = key_history_new();
    struct key_use_record use = records_golden_key(0);

    use.first_seen_ns = INT64_MIN + 1;
    use.last_seen_ns = INT64_MIN + 2;
    assert_true(key_history_add(history, &use));
    use.key++;
    use.first_seen_ns = INT64_MAX;
    use.last_seen_ns = INT64_MAX;
    assert_true(key_history_add(history, &use));
    assert_true(key_history_finish(history));
    assert_int_equal(key_history_host(history, 0)->rotation_ns, INT64_MAX);
    assert_int_equal(key_history_host(history, 0)->at_once, 1);
    key_history_free(history);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_an_empty_history),
        cmocka_unit_test(rotation_is_the_median_between_first_sights),
        cmocka_unit_test(each_server_rotates_on_its_own),
        cmocka_unit_test(a_single_key_has_no_rotation),
        cmocka_unit_test(keys_that_clients_bring_along_are_no_rotation),
        cmocka_unit_test(keys_are_summed_over_hosts_and_servers),
        cmocka_unit_test(at_once_is_what_counting_each_second_finds),
        cmocka_unit_test(times_at_the_ends_of_the_range_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
