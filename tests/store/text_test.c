#include "store/text.h"

#include "tests/store/fixture.h"

#include <stdlib.h>
#include <string.h>

/* On a heap block of exactly this size. */
static bool is_plain(const char *data, size_t len)
{
    char *copy = malloc(len > 0 ? len : 1);
    assert_non_null(copy);
    memcpy(copy, data, len);
    const bool result = text_is_plain(copy, len);
    free(copy);
    return result;
}

static void valid_utf8_is_plain(void **state)
{
    (void)state;
    assert_true(is_plain("", 0));
    assert_true(is_plain("www.example.com", 15));
    assert_true(is_plain("\x7f\x01", 2));
    assert_true(is_plain("b\xc3\xbc"
                         "cher",
                         7));                             /* u with diaeresis */
    assert_true(is_plain("\xe0\xa0\x80", 3));             /* U+0800, the first of three bytes */
    assert_true(is_plain("\xed\x9f\xbf\xee\x80\x80", 6)); /* around the surrogates */
    assert_true(is_plain("\xf0\x90\x80\x80", 4));         /* U+10000 */
    assert_true(is_plain("\xf4\x8f\xbf\xbf", 4));         /* U+10FFFF */
}

static void what_rfc_3629_forbids_is_not(void **state)
{
    (void)state;
    assert_false(is_plain("\0", 1));
    assert_false(is_plain("a\0b", 3));
    assert_false(is_plain("\x80", 1));             /* a continuation alone */
    assert_false(is_plain("\xc0\xaf", 2));         /* overlong */
    assert_false(is_plain("\xc1\xbf", 2));         /* overlong */
    assert_false(is_plain("\xe0\x9f\xbf", 3));     /* overlong */
    assert_false(is_plain("\xed\xa0\x80", 3));     /* surrogate */
    assert_false(is_plain("\xf0\x8f\xbf\xbf", 4)); /* overlong */
    assert_false(is_plain("\xf4\x90\x80\x80", 4)); /* beyond U+10FFFF */
    assert_false(is_plain("\xf5\x80\x80\x80", 4));
    assert_false(is_plain("\xff", 1));
    assert_false(is_plain("\xc3(", 2));
    assert_false(is_plain("\xe1\x80(", 3));
    assert_false(is_plain("\xf1\x80\x80(", 4));
}

static void every_truncation_of_a_sequence_is_refused(void **state)
{
    (void)state;
    const char *const sequences[] = {"\xc3\xbc", "\xe2\x82\xac", "\xf0\x9f\x92\xa9"};

    for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++) {
        assert_true(is_plain(sequences[i], strlen(sequences[i])));
        for (size_t len = 1; len < strlen(sequences[i]); len++) {
            assert_false(is_plain(sequences[i], len));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(valid_utf8_is_plain),
        cmocka_unit_test(what_rfc_3629_forbids_is_not),
        cmocka_unit_test(every_truncation_of_a_sequence_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
