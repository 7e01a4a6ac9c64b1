#include "capture/source_names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void compare_orders_numbers_by_value(void **state)
{
    /* In order. */
    const char *const names[] = {"-",
                                 "a",
                                 "a.pcap",
                                 "a.pcap1",
                                 "a.pcap02",
                                 "a.pcap2",
                                 "a.pcap9",
                                 "a.pcap10",
                                 "a.pcap99",
                                 "a.pcap100",
                                 "a.pcap100b",
                                 "b-2026-01-31_09",
                                 "b-2026-02-01_00",
                                 "b/1",
                                 "b1"};
    const size_t count = sizeof(names) / sizeof(names[0]);

    (void)state;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            const int order = source_names_compare(names[i], names[j]);
            assert_int_equal(order < 0, i < j);
            assert_int_equal(order > 0, i > j);
        }
    }
}

static void compare_takes_numbers_of_any_length(void **state)
{
    (void)state;
    assert_true(source_names_compare("99999999999999999999999999", "100000000000000000000000000") <
                0);
    assert_true(source_names_compare("00000000000000000000000000", "1") < 0);
}

static void init_keeps_words_that_are_no_directories(void **state)
{
    const char *const words[] = {"/nowhere/b", "-", "/nowhere/a"};
    struct source_names names;
    struct error error;

    (void)state;
    assert_true(source_names_init(&names, words, 3, &error));
    assert_int_equal(names.count, 3);
    assert_string_equal(names.paths[0], "-");
    assert_string_equal(names.paths[1], "/nowhere/a");
    assert_string_equal(names.paths[2], "/nowhere/b");
    source_names_clear(&names);
    assert_int_equal(names.count, 0);
    source_names_clear(&names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compare_orders_numbers_by_value),
        cmocka_unit_test(compare_takes_numbers_of_any_length),
        cmocka_unit_test(init_keeps_words_that_are_no_directories),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
