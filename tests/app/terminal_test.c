#include "app/terminal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static unsigned columns_with(const char *said)
{
    FILE *const file = tmpfile();

    assert_non_null(file);
    if (said == NULL) {
        (void)unsetenv("COLUMNS");
    } else {
        (void)setenv("COLUMNS", said, 1);
    }
    const unsigned columns = terminal_size(file).columns;
    (void)unsetenv("COLUMNS");
    (void)fclose(file);
    return columns;
}

static void a_page_without_terminal_has_80_columns(void **state)
{
    (void)state;
    assert_int_equal(columns_with(NULL), 80);
}

static void columns_are_believed_within_reason(void **state)
{
    (void)state;
    assert_int_equal(columns_with("140"), 140);
    assert_int_equal(columns_with("79"), 80);
    assert_int_equal(columns_with("201"), 200);
    assert_int_equal(columns_with("4294967376"), 80);
    assert_int_equal(columns_with("-140"), 80);
    assert_int_equal(columns_with("140x"), 80);
    assert_int_equal(columns_with(""), 80);
}

static void a_file_cannot_be_rewritten(void **state)
{
    (void)state;
    FILE *const file = tmpfile();

    assert_non_null(file);
    (void)setenv("TERM", "xterm", 1);
    assert_false(terminal_can_rewrite(file));
    (void)fclose(file);
}

static bool has_utf8_with(const char *locale)
{
    (void)setenv("LC_ALL", locale, 1);
    const bool has_utf8 = terminal_has_utf8();
    (void)unsetenv("LC_ALL");
    return has_utf8;
}

static void blocks_are_for_utf8_only(void **state)
{
    (void)state;
    assert_true(has_utf8_with("C.UTF-8"));
    assert_false(has_utf8_with("C"));
    assert_false(has_utf8_with("no_SUCH.locale"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_without_terminal_has_80_columns),
        cmocka_unit_test(columns_are_believed_within_reason),
        cmocka_unit_test(blocks_are_for_utf8_only),
        cmocka_unit_test(a_file_cannot_be_rewritten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
