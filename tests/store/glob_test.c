#include "store/glob.h"

#include "tests/store/fixture.h"

#include <stdlib.h>
#include <string.h>

static bool matches(const char *pattern, const char *text)
{
    return glob_matches(pattern, strlen(pattern), text, strlen(text));
}

static void a_plain_pattern_matches_itself_in_either_case(void **state)
{
    (void)state;
    assert_true(matches("www.example.com", "www.example.com"));
    assert_true(matches("WWW.Example.com", "www.example.COM"));
    assert_true(matches("", ""));
    assert_false(matches("", "a"));
    assert_false(matches("www.example.com", "www.example.co"));
    assert_false(matches("www.example.co", "www.example.com"));
}

static void a_star_stands_for_any_bytes(void **state)
{
    (void)state;
    assert_true(matches("*", ""));
    assert_true(matches("*", "anything"));
    assert_true(matches("*.example.com", "www.example.com"));
    assert_true(matches("*.example.com", ".example.com.example.com"));
    assert_true(matches("a*b*c", "aXbYbZc"));
    assert_true(matches("**a**", "a"));
    assert_false(matches("*.example.com", "example.com"));
    assert_false(matches("a*b*c", "acb"));
}

static void a_question_mark_stands_for_one_byte(void **state)
{
    (void)state;
    assert_true(matches("www?.example.com", "www1.example.com"));
    assert_false(matches("www?.example.com", "www.example.com"));
    assert_true(matches("?*", "a"));
    assert_false(matches("?*", ""));
}

static void brackets_and_backslashes_are_plain(void **state)
{
    (void)state;
    assert_true(matches("[2001:db8::1]:*", "[2001:db8::1]:443"));
    assert_false(matches("[ab]", "a"));
    assert_true(matches("\\*", "\\x"));
}

static void a_nul_is_a_byte_like_any_other(void **state)
{
    (void)state;
    assert_true(glob_matches("a*c", 3, "a\0c", 3));
    assert_true(glob_matches("a?c", 3, "a\0c", 3));
    assert_false(glob_matches("a", 1, "a\0c", 3));
}

static void many_stars_end_soon(void **state)
{
    (void)state;
    char text[255];
    char pattern[255];

    memset(text, 'a', sizeof(text));
    for (size_t i = 0; i < sizeof(pattern); i++) {
        pattern[i] = i % 2 == 0 ? '*' : 'a';
    }
    pattern[sizeof(pattern) - 1] = 'b';
    assert_false(glob_matches(pattern, sizeof(pattern), text, sizeof(text)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_pattern_matches_itself_in_either_case),
        cmocka_unit_test(a_star_stands_for_any_bytes),
        cmocka_unit_test(a_question_mark_stands_for_one_byte),
        cmocka_unit_test(brackets_and_backslashes_are_plain),
        cmocka_unit_test(a_nul_is_a_byte_like_any_other),
        cmocka_unit_test(many_stars_end_soon),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
