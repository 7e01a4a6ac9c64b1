#include "app/progress.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { TEXT_BYTES = 160 };

static const int64_t second = 1000000000;

static void text_tells_share_speed_and_time_left(void **state)
{
    const struct capture_statistics statistics = {.bytes_read = 10000000, .bytes_total = 40000000};
    char text[TEXT_BYTES];

    (void)state;
    progress_text(&statistics, 2 * second, text, sizeof(text));
    assert_string_equal(text, "25 %, 10.0 of 40.0 MB, 5.0 MB/s, 6 s left");
}

static void text_tells_no_share_of_an_unknown_whole(void **state)
{
    const struct capture_statistics statistics = {.bytes_read = 10000000};
    char text[TEXT_BYTES];

    (void)state;
    progress_text(&statistics, 2 * second, text, sizeof(text));
    assert_string_equal(text, "10.0 MB, 5.0 MB/s");
}

static void text_is_sane_where_a_file_grew_or_no_time_passed(void **state)
{
    const struct capture_statistics grown = {.bytes_read = 50000000, .bytes_total = 40000000};
    const struct capture_statistics none = {.bytes_total = 40000000};
    char text[TEXT_BYTES];

    (void)state;
    progress_text(&grown, second, text, sizeof(text));
    assert_string_equal(text, "100 %, 50.0 of 40.0 MB, 50.0 MB/s, 0 s left");
    progress_text(&none, 0, text, sizeof(text));
    assert_string_equal(text, "0.0 MB, 0.0 MB/s");
}

static void show_says_nothing_to_a_file(void **state)
{
    const struct capture_statistics statistics = {.bytes_read = 1, .bytes_total = 2};
    struct progress progress;
    FILE *file = tmpfile();

    (void)state;
    assert_non_null(file);
    progress_init(&progress, file, true, 0);
    progress_show(&progress, &statistics, second);
    progress_hide(&progress);
    assert_int_equal(ftell(file), 0);
    assert_int_equal(fclose(file), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_tells_share_speed_and_time_left),
        cmocka_unit_test(text_tells_no_share_of_an_unknown_whole),
        cmocka_unit_test(text_is_sane_where_a_file_grew_or_no_time_passed),
        cmocka_unit_test(show_says_nothing_to_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
