#include "report/number_table.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const uint8_t key[NAME_TABLE_KEY_BYTES] = {9, 8, 7};

static uint32_t add(struct number_table *table, int64_t wanted)
{
    uint32_t number = 0;
    assert_true(number_table_add(table, wanted, &number));
    return number;
}

static void keys_are_numbered_as_they_come(void **state)
{
    (void)state;
    static const int64_t keys[] = {7, 0, -1, INT64_MAX, INT64_MIN, 1};
    struct number_table *table = number_table_new(key);

    assert_non_null(table);
    assert_int_equal(number_table_count(table), 0);
    for (uint32_t round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
            assert_int_equal(add(table, keys[i]), i);
        }
    }
    assert_int_equal(number_table_count(table), 6);
    number_table_free(table);
}

static void finding_gives_no_number(void **state)
{
    (void)state;
    struct number_table *table = number_table_new(key);
    uint32_t number = 77;

    assert_non_null(table);
    assert_false(number_table_find(table, 0, &number));
    assert_int_equal(number, 77);
    assert_int_equal(number_table_count(table), 0);
    (void)add(table, 5);
    (void)add(table, 0);
    assert_true(number_table_find(table, 0, &number));
    assert_int_equal(number, 1);
    assert_false(number_table_find(table, 1, &number));
    number_table_free(table);
}

static void numbers_outlast_growth(void **state)
{
    (void)state;
    struct number_table *table = number_table_new(key);

    assert_non_null(table);
    for (int64_t i = 0; i < 20000; i++) {
        assert_int_equal(add(table, i << 16), i);
    }
    for (int64_t i = 0; i < 20000; i++) {
        assert_int_equal(add(table, i << 16), i);
    }
    assert_int_equal(number_table_count(table), 20000);
    number_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_numbered_as_they_come),
        cmocka_unit_test(finding_gives_no_number),
        cmocka_unit_test(numbers_outlast_growth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
