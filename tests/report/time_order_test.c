#include "report/time_order.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Sorted in blocks of exactly their size. */
static void sort(struct time_order_item *items, size_t count)
{
    struct time_order_item *own = malloc(count * sizeof(*own) + (count == 0));
    struct time_order_item *room = malloc(count * sizeof(*room) + (count == 0));

    assert_non_null(own);
    assert_non_null(room);
    memcpy(own, items, count * sizeof(*own));
    time_order_sort(own, count, room);
    memcpy(items, own, count * sizeof(*own));
    free(own);
    free(room);
}

static void times_of_any_sign_and_size_are_put_in_order(void **state)
{
    (void)state;
    static const int64_t wanted[] = {INT64_MIN, INT64_MIN + 1, -256, -1, 0, 1, 255, 256, INT64_MAX};
    struct time_order_item items[] = {{256, 7},           {INT64_MAX, 8}, {-1, 3},
                                      {INT64_MIN + 1, 1}, {1, 5},         {INT64_MIN, 0},
                                      {255, 6},           {-256, 2},      {0, 4}};

    sort(items, 9);
    for (uint32_t i = 0; i < 9; i++) {
        assert_int_equal(items[i].time_ns, wanted[i]);
        assert_int_equal(items[i].index, i);
    }
}

static void of_equal_times_the_first_stays_first(void **state)
{
    (void)state;
    struct time_order_item items[] = {{5, 0}, {5, 1}, {-5, 2}, {5, 3}, {-5, 4}};
    static const uint32_t wanted[] = {2, 4, 0, 1, 3};

    sort(items, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(items[i].index, wanted[i]);
    }
}

static void none_and_one_are_in_order(void **state)
{
    (void)state;
    struct time_order_item one = {-1, 9};

    sort(&one, 0);
    sort(&one, 1);
    assert_int_equal(one.time_ns, -1);
    assert_int_equal(one.index, 9);
}

static void many_are_sorted(void **state)
{
    (void)state;
    enum { COUNT = 5000 };
    static struct time_order_item items[COUNT];
    uint64_t random = 1;

    for (uint32_t i = 0; i < COUNT; i++) {
        random = random * 6364136223846793005 + 1442695040888963407;
        items[i] = (struct time_order_item){(int64_t)random >> (i % 40), i};
    }
    sort(items, COUNT);
    for (size_t i = 1; i < COUNT; i++) {
        assert_true(
            items[i - 1].time_ns < items[i].time_ns ||
            (items[i - 1].time_ns == items[i].time_ns && items[i - 1].index < items[i].index));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_of_any_sign_and_size_are_put_in_order),
        cmocka_unit_test(of_equal_times_the_first_stays_first),
        cmocka_unit_test(none_and_one_are_in_order),
        cmocka_unit_test(many_are_sorted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
