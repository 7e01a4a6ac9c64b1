#include "dissect/tls/prefix.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void add(struct prefix *prefix, const char *words)
{
    const size_t len = strlen(words);
    uint8_t *exact = malloc(len > 0 ? len : 1);

    assert_non_null(exact);
    for (size_t i = 0; i < len; i++) {
        exact[i] = (uint8_t)words[i];
    }
    prefix_add(prefix, (struct bytes){exact, len});
    free(exact);
}

static void assert_bytes(struct bytes bytes, const char *words)
{
    assert_int_equal(bytes.len, strlen(words));
    assert_memory_equal(bytes.data, words, bytes.len);
}

static void short_words_are_kept_whole(void **state)
{
    (void)state;
    struct prefix prefix = {0};

    add(&prefix, "");
    assert_int_equal(prefix.len, 0);
    add(&prefix, "one\r\ntw");
    add(&prefix, "o \r\n");
    assert_int_equal(prefix.len, 11);
    assert_bytes(prefix_head(&prefix), "one\r\ntwo \r\n");
    assert_bytes(prefix_tail(&prefix), "one\r\ntwo \r\n");
    assert_bytes(prefix_line(&prefix), "two");
}

static void a_line_lasts_until_the_next_one_begins(void **state)
{
    (void)state;
    struct prefix prefix = {0};

    add(&prefix, "one\n");
    assert_bytes(prefix_line(&prefix), "one");
    add(&prefix, "\n");
    assert_bytes(prefix_line(&prefix), "");
    add(&prefix, "two");
    assert_bytes(prefix_line(&prefix), "two");
    add(&prefix, "three\nfour\nfive");
    assert_bytes(prefix_line(&prefix), "five");
}

static void long_words_keep_their_ends(void **state)
{
    (void)state;
    char words[3 * PREFIX_KEPT_BYTES + 1];

    for (size_t step = 1; step <= sizeof(words); step++) {
        struct prefix prefix = {0};
        for (size_t i = 0; i < sizeof(words) - 1; i++) {
            words[i] = (char)('A' + (i % 50));
        }
        for (size_t from = 0; from < sizeof(words) - 1; from += step) {
            char piece[sizeof(words)] = "";
            const size_t left = sizeof(words) - 1 - from;
            memcpy(piece, words + from, left < step ? left : step);
            add(&prefix, piece);
        }
        assert_int_equal(prefix.len, sizeof(words) - 1);
        assert_int_equal(prefix_head(&prefix).len, PREFIX_KEPT_BYTES);
        assert_memory_equal(prefix_head(&prefix).data, words, PREFIX_KEPT_BYTES);
        assert_memory_equal(prefix_line(&prefix).data, words, PREFIX_KEPT_BYTES);
        assert_int_equal(prefix_tail(&prefix).len, PREFIX_KEPT_BYTES);
        assert_memory_equal(prefix_tail(&prefix).data, words + (size_t)2 * PREFIX_KEPT_BYTES,
                            PREFIX_KEPT_BYTES);
    }
}

static void lengths_stay_at_their_maximum(void **state)
{
    (void)state;
    struct prefix prefix = {.len = UINT32_MAX - 1};

    add(&prefix, "abc");
    assert_true(prefix.len == UINT32_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_words_are_kept_whole),
        cmocka_unit_test(a_line_lasts_until_the_next_one_begins),
        cmocka_unit_test(long_words_keep_their_ends),
        cmocka_unit_test(lengths_stay_at_their_maximum),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
