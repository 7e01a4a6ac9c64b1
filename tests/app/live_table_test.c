#include "app/live_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const int64_t second = 1000000000;

/* Terminals are for tests/system/top. */
static void without_a_terminal_the_table_comes_once_at_the_end(void **state)
{
    (void)state;
    struct error error = {""};
    struct record record = {.host = {.len = 9, .text = "a.example"}};
    FILE *const out = tmpfile();
    char text[1024] = "";

    assert_non_null(out);
    struct live_table *const table = live_table_new(out, true, false, second, &error);
    assert_non_null(table);
    handshake_init(&record.handshake);
    record.handshake.verdict = VERDICT_FULL;
    live_table_add(table, &record);
    for (int64_t now = second; now < 10 * second; now += second) {
        assert_int_equal(live_table_draw(table, now, false, &error), OUTPUT_FINE);
        live_table_pause(table);
        live_table_go_on(table);
    }
    assert_int_equal(ftell(out), 0);
    assert_int_equal(live_table_draw(table, 11 * second, true, &error), OUTPUT_FINE);
    rewind(out);
    assert_true(fread(text, 1, sizeof(text) - 1, out) > 0);
    assert_null(strchr(text, '\033'));
    assert_memory_equal(text, "1 handshake in 10 s, 0.1 a second\n", 34);
    assert_non_null(strstr(text, "\na.example"));
    live_table_free(table);
    (void)fclose(out);
}

static void what_cannot_be_written_is_told(void **state)
{
    (void)state;
    struct error error = {""};
    FILE *const out = fopen("/dev/full", "w");

    assert_non_null(out);
    struct live_table *const table = live_table_new(out, true, false, second, &error);
    assert_non_null(table);
    assert_int_equal(live_table_draw(table, 2 * second, true, &error), OUTPUT_FAILED);
    assert_string_equal(error.text, "standard output: No space left on device");
    live_table_free(table);
    (void)fclose(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_terminal_the_table_comes_once_at_the_end),
        cmocka_unit_test(what_cannot_be_written_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
