/* Change points, against sequences made by hand and simulations with known truth. */
#include "report/drift.h"
#include "tests/report/summaries.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* SplitMix64: any good sequence will do, as long as it is always the same. */
static double next_chance(uint64_t *seed)
{
    uint64_t value = *seed += 0x9e3779b97f4a7c15;

    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    value ^= value >> 31;
    return (double)(value >> 11) / 9007199254740992.0; /* 2^53 */
}

struct piece {
    size_t count;
    double rate;
};

enum { PIECES_MAX = 6 };

/* Up to the first piece of nothing; one second from handshake to handshake. */
struct history {
    struct piece pieces[PIECES_MAX];
    size_t burst; /* so many end alike */
};

/* Writes a piece's trials; returns where the next piece begins. */
static size_t make_piece(const struct history *history, size_t piece, struct drift_trial *trials,
                         size_t from, uint64_t *seed)
{
    size_t count = history->pieces[piece].count;
    uint32_t resumed = 0;

    for (size_t i = 0; i < count; i++) {
        if (i % history->burst == 0) {
            resumed = next_chance(seed) < history->pieces[piece].rate;
        }
        trials[from + i] = (struct drift_trial){(int64_t)(from + i) * records_s, resumed, 1};
    }
    return from + count;
}

static struct drift drift_of(const struct history *history, uint64_t *seed)
{
    struct drift_trial *trials;
    struct drift drift;
    size_t total = 0;
    size_t made = 0;

    for (size_t i = 0; i < PIECES_MAX; i++) {
        total += history->pieces[i].count;
    }
    trials = calloc(total + 1, sizeof(*trials));
    assert_non_null(trials);
    for (size_t i = 0; i < PIECES_MAX; i++) {
        made = make_piece(history, i, trials, made, seed);
    }
    drift_find(trials, made, &drift);
    free(trials);
    return drift;
}

static int count_found(const struct history *history, int rounds)
{
    uint64_t seed = 2026;
    int found = 0;

    for (int i = 0; i < rounds; i++) {
        struct drift drift = drift_of(history, &seed);
        found += drift.count > 0;
    }
    return found;
}

/* The promise: at most 1 in 100. Binomial noise of 1500 rounds at 1 %: 15 +- 3.9. */
static void constant_rate_shows_a_change_in_at_most_one_of_a_hundred(void **state)
{
    (void)state;
    static const size_t counts[] = {60, 100, 250, 1000};
    static const double rates[] = {0.02, 0.2, 0.5, 0.8, 0.98};

    for (size_t i = 0; i < 4; i++) {
        for (size_t j = 0; j < 5; j++) {
            struct history history = {{{counts[i], rates[j]}}, 1};
            assert_in_range(count_found(&history, 1500), 0, 15);
        }
    }
}

/* Six connections of a browser end alike: the handshakes are six times as many as the trials. */
static void bursts_do_not_look_like_changes(void **state)
{
    (void)state;
    struct history few = {{{120, 0.7}}, 6};
    struct history many = {{{1200, 0.7}}, 6};

    assert_in_range(count_found(&few, 1000), 0, 30);
    assert_in_range(count_found(&many, 1000), 0, 30);
}

static void clear_change_is_found_where_it_is(void **state)
{
    (void)state;
    struct history history = {{{200, 0.9}, {200, 0.3}}, 1};
    uint64_t seed = 7;

    for (int i = 0; i < 200; i++) {
        struct drift drift = drift_of(&history, &seed);
        assert_true(drift.count >= 1);
        assert_in_range(drift.changes[0].time_ns / records_s, 180, 220);
    }
}

static void change_of_thirty_points_is_found_in_hundreds_of_handshakes(void **state)
{
    (void)state;
    struct history history = {{{250, 0.8}, {250, 0.5}}, 1};

    assert_in_range(count_found(&history, 300), 285, 300);
}

/* Each further stretch keeps to its 1 %, too. */
static void one_change_is_seldom_taken_for_two(void **state)
{
    (void)state;
    struct history history = {{{400, 0.9}, {400, 0.4}}, 1};
    uint64_t seed = 3;
    int more = 0;

    for (int i = 0; i < 500; i++) {
        struct drift drift = drift_of(&history, &seed);
        more += drift.count > 1;
    }
    assert_in_range(more, 0, 15);
}

static void drop_and_recovery_are_two_changes(void **state)
{
    (void)state;
    struct history history = {{{300, 0.8}, {300, 0.3}, {300, 0.8}}, 1};
    uint64_t seed = 11;
    struct drift drift = drift_of(&history, &seed);

    assert_int_equal(drift.count, 2);
    assert_in_range(drift.changes[0].time_ns / records_s, 285, 315);
    assert_in_range(drift.changes[1].time_ns / records_s, 585, 615);
    assert_int_equal(drift.changes[0].after.of, drift.changes[1].before.of);
    assert_int_equal(drift.changes[0].after.part, drift.changes[1].before.part);
    assert_int_equal(
        drift.changes[0].before.of + drift.changes[1].before.of + drift.changes[1].after.of, 900);
}

static void no_more_changes_than_there_is_room_for(void **state)
{
    (void)state;
    struct history history = {{{200, 1}, {200, 0}, {200, 1}, {200, 0}, {200, 1}, {200, 0}}, 1};
    uint64_t seed = 5;
    struct drift drift = drift_of(&history, &seed);

    assert_int_equal(drift.count, DRIFT_CHANGES_MAX);
    for (size_t i = 1; i < drift.count; i++) {
        assert_true(drift.changes[i - 1].time_ns < drift.changes[i].time_ns);
    }
}

/* 30 full, then 30 resumed: Fisher's p is 2 / C(60, 30). With 29 on one side there is no place. */
static void sides_have_thirty_handshakes_at_least(void **state)
{
    (void)state;
    struct history enough = {{{30, 0}, {30, 1}}, 1};
    struct history too_few = {{{29, 0}, {30, 1}}, 1};
    uint64_t seed = 1;
    struct drift drift = drift_of(&enough, &seed);

    assert_int_equal(drift.count, 1);
    assert_int_equal(drift.changes[0].time_ns, 30 * records_s);
    assert_int_equal(drift.changes[0].before_ns, 29 * records_s);
    assert_int_equal(drift.changes[0].before.part, 0);
    assert_int_equal(drift.changes[0].before.of, 30);
    assert_int_equal(drift.changes[0].after.part, 30);
    assert_int_equal(drift.changes[0].after.of, 30);
    assert_int_equal(drift_of(&too_few, &seed).count, 0);
}

static void nothing_and_equal_handshakes_have_no_change(void **state)
{
    (void)state;
    struct history nothing = {{{0, 0}}, 1};
    struct history all = {{{500, 1}}, 1};
    struct history none = {{{500, 0}}, 1};
    uint64_t seed = 1;

    assert_int_equal(drift_of(&nothing, &seed).count, 0);
    assert_int_equal(drift_of(&all, &seed).count, 0);
    assert_int_equal(drift_of(&none, &seed).count, 0);
}

static void handshakes_may_come_in_any_order(void **state)
{
    (void)state;
    enum { COUNT = 200 };
    struct drift_trial *trials = calloc(COUNT, sizeof(*trials));
    struct drift drift;

    assert_non_null(trials);
    for (size_t i = 0; i < COUNT; i++) {
        size_t second = i * 77 % COUNT; /* each once: 77 and 200 have no common factor */
        trials[i] = (struct drift_trial){(int64_t)second * records_s, second >= 80, 1};
    }
    drift_find(trials, COUNT, &drift);
    assert_int_equal(drift.count, 1);
    assert_int_equal(drift.changes[0].time_ns, 80 * records_s);
    free(trials);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(constant_rate_shows_a_change_in_at_most_one_of_a_hundred),
        cmocka_unit_test(bursts_do_not_look_like_changes),
        cmocka_unit_test(clear_change_is_found_where_it_is),
        cmocka_unit_test(change_of_thirty_points_is_found_in_hundreds_of_handshakes),
        cmocka_unit_test(one_change_is_seldom_taken_for_two),
        cmocka_unit_test(drop_and_recovery_are_two_changes),
        cmocka_unit_test(no_more_changes_than_there_is_room_for),
        cmocka_unit_test(sides_have_thirty_handshakes_at_least),
        cmocka_unit_test(nothing_and_equal_handshakes_have_no_change),
        cmocka_unit_test(handshakes_may_come_in_any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
