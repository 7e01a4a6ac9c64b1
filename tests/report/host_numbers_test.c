#include "report/host_numbers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static struct host_numbers *empty(void)
{
    struct host_numbers *numbers = calloc(1, sizeof(*numbers));
    assert_non_null(numbers);
    return numbers;
}

static void assert_kept(const struct host_numbers *numbers, int64_t host, uint16_t version,
                        uint32_t expected)
{
    uint32_t number = UINT32_MAX;

    assert_true(host_numbers_find(numbers, host, version, &number));
    assert_int_equal(number, expected);
}

static void a_number_is_kept_by_host_and_version(void **state)
{
    (void)state;
    struct host_numbers *numbers = empty();
    uint32_t number = 7;

    assert_false(host_numbers_find(numbers, 1, 0x0303, &number));
    host_numbers_keep(numbers, 1, 0x0303, 0);
    host_numbers_keep(numbers, 1, 0x0304, 1);
    host_numbers_keep(numbers, 2, 0x0303, 2);
    assert_kept(numbers, 1, 0x0303, 0);
    assert_kept(numbers, 1, 0x0304, 1);
    assert_kept(numbers, 2, 0x0303, 2);
    assert_false(host_numbers_find(numbers, 2, 0x0304, &number));
    assert_int_equal(number, 7);
    free(numbers);
}

static void a_host_in_the_place_of_another_is_not_taken_for_it(void **state)
{
    (void)state;
    struct host_numbers *numbers = empty();
    uint32_t number;

    host_numbers_keep(numbers, 1, 0x0303, 5);
    assert_false(host_numbers_find(numbers, 1 + HOST_NUMBERS_KEPT, 0x0303, &number));
    host_numbers_keep(numbers, 1 + HOST_NUMBERS_KEPT, 0x0303, 6);
    assert_kept(numbers, 1 + HOST_NUMBERS_KEPT, 0x0303, 6);
    assert_false(host_numbers_find(numbers, 1, 0x0303, &number));
    host_numbers_keep(numbers, INT64_MIN, 0xffff, 8);
    assert_kept(numbers, INT64_MIN, 0xffff, 8);
    free(numbers);
}

static void a_host_that_is_not_known_is_not_kept(void **state)
{
    (void)state;
    struct host_numbers *numbers = empty();
    uint32_t number;

    assert_false(host_numbers_find(numbers, 0, 0, &number));
    host_numbers_keep(numbers, 0, 0, 3);
    assert_false(host_numbers_find(numbers, 0, 0, &number));
    free(numbers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_is_kept_by_host_and_version),
        cmocka_unit_test(a_host_in_the_place_of_another_is_not_taken_for_it),
        cmocka_unit_test(a_host_that_is_not_known_is_not_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
