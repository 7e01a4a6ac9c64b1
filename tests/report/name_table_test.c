#include "report/name_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t key[NAME_TABLE_KEY_BYTES] = {9, 8, 7};

static uint32_t add(struct name_table *table, const char *name, size_t len)
{
    uint32_t number = 0;
    assert_true(name_table_add(table, name, len, &number));
    return number;
}

static void names_are_numbered_as_they_come(void **state)
{
    (void)state;
    struct name_table *table = name_table_new(key);
    size_t len;

    assert_non_null(table);
    assert_int_equal(name_table_count(table), 0);
    assert_int_equal(add(table, "b", 1), 0);
    assert_int_equal(add(table, "a", 1), 1);
    assert_int_equal(add(table, "b", 1), 0);
    assert_int_equal(name_table_count(table), 2);
    assert_memory_equal(name_table_name(table, 1, &len), "a", 1);
    assert_int_equal(len, 1);
    name_table_free(table);
}

static void any_bytes_and_no_bytes_are_names(void **state)
{
    (void)state;
    struct name_table *table = name_table_new(key);
    size_t len;

    assert_non_null(table);
    assert_int_equal(add(table, "", 0), 0);
    assert_int_equal(add(table, "\0", 1), 1);
    assert_int_equal(add(table, "\0\0", 2), 2);
    assert_int_equal(add(table, "a\0b", 3), 3);
    assert_int_equal(add(table, "a\0c", 3), 4);
    assert_int_equal(add(table, "a", 1), 5);
    assert_int_equal(add(table, "", 0), 0);
    (void)name_table_name(table, 0, &len);
    assert_int_equal(len, 0);
    name_table_free(table);
}

static void finding_gives_no_number(void **state)
{
    (void)state;
    struct name_table *table = name_table_new(key);
    uint32_t number = 77;

    assert_non_null(table);
    assert_false(name_table_find(table, "a", 1, &number));
    assert_int_equal(number, 77);
    assert_int_equal(name_table_count(table), 0);
    (void)add(table, "b", 1);
    (void)add(table, "a", 1);
    assert_true(name_table_find(table, "a", 1, &number));
    assert_int_equal(number, 1);
    assert_false(name_table_find(table, "a\0", 2, &number));
    name_table_free(table);
}

static void numbers_outlast_growth(void **state)
{
    (void)state;
    struct name_table *table = name_table_new(key);
    char name[32];
    size_t len;

    assert_non_null(table);
    for (uint32_t i = 0; i < 20000; i++) {
        (void)snprintf(name, sizeof(name), "host-%u", i);
        assert_int_equal(add(table, name, strlen(name)), i);
    }
    for (uint32_t i = 0; i < 20000; i++) {
        (void)snprintf(name, sizeof(name), "host-%u", i);
        assert_int_equal(add(table, name, strlen(name)), i);
        assert_memory_equal(name_table_name(table, i, &len), name, strlen(name));
        assert_int_equal(len, strlen(name));
    }
    name_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_numbered_as_they_come),
        cmocka_unit_test(any_bytes_and_no_bytes_are_names),
        cmocka_unit_test(finding_gives_no_number),
        cmocka_unit_test(numbers_outlast_growth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
