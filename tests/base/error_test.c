#include "base/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void set_returns_false_so_that_a_function_can_end_with_it(void **state)
{
    (void)state;
    struct error error;

    assert_false(error_set(&error, "wrong"));
    assert_string_equal(error.text, "wrong");
}

static void set_formats_like_printf(void **state)
{
    (void)state;
    struct error error;

    (void)error_set(&error, "%s: cut at byte %d", "a.pcap", 40);
    assert_string_equal(error.text, "a.pcap: cut at byte 40");
}

static void a_later_sentence_replaces_the_earlier(void **state)
{
    (void)state;
    struct error error;

    (void)error_set(&error, "a long first sentence");
    (void)error_set(&error, "second");
    assert_string_equal(error.text, "second");
}

static void a_sentence_too_long_is_cut_and_stays_terminated(void **state)
{
    (void)state;
    struct error error;
    char name[2 * sizeof(error.text)];

    memset(name, 'n', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    (void)error_set(&error, "%s", name);
    assert_int_equal(strlen(error.text), sizeof(error.text) - 1);
}

/* A file's name can hold what moves a terminal's cursor: ESC, newlines, DEL. */
static void control_characters_of_an_argument_become_question_marks(void **state)
{
    (void)state;
    struct error error;

    (void)error_set(&error, "%s: gone", "a\x1b[2J\n\x7f\x01z");
    assert_string_equal(error.text, "a?[2J???z: gone");
}

static void bytes_beyond_ascii_are_kept(void **state)
{
    (void)state;
    struct error error;

    (void)error_set(&error, "%s", "\xc3\xa9t\xc3\xa9.pcap");
    assert_string_equal(error.text, "\xc3\xa9t\xc3\xa9.pcap");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(set_returns_false_so_that_a_function_can_end_with_it),
        cmocka_unit_test(set_formats_like_printf),
        cmocka_unit_test(a_later_sentence_replaces_the_earlier),
        cmocka_unit_test(a_sentence_too_long_is_cut_and_stays_terminated),
        cmocka_unit_test(control_characters_of_an_argument_become_question_marks),
        cmocka_unit_test(bytes_beyond_ascii_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
