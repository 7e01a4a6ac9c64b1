#include "report/escape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef void escape_function(FILE *out, const char *text, size_t len);

/* What a function makes of text on an exact-size heap block; to be freed. */
static char *escaped(escape_function *escape, const char *text, size_t len)
{
    char *block = malloc(len > 0 ? len : 1);
    char *result = NULL;
    size_t size;
    FILE *out = open_memstream(&result, &size);

    assert_non_null(block);
    assert_non_null(out);
    memcpy(block, text, len);
    escape(out, block, len);
    assert_int_equal(fclose(out), 0);
    free(block);
    return result;
}

static void check(escape_function *escape, const char *text, size_t len, const char *wanted)
{
    char *result = escaped(escape, text, len);
    assert_string_equal(result, wanted);
    free(result);
}

#define CHECK(escape, text, wanted) check(escape, text, sizeof(text) - 1, wanted)

static void plain_text_and_utf8_stay(void **state)
{
    (void)state;
    CHECK(escape_terminal, "", "");
    CHECK(escape_terminal, "www.example.com", "www.example.com");
    CHECK(escape_terminal, "b\xc3\xbc\x63her.example", "b\xc3\xbc\x63her.example");
    CHECK(escape_terminal, "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80");
}

static void terminal_controls_are_spelled_out(void **state)
{
    (void)state;
    CHECK(escape_terminal, "\x1b[2J", "\\x1b[2J");
    CHECK(escape_terminal, "a\0b", "a\\x00b");
    CHECK(escape_terminal, "\x7f\n\t", "\\x7f\\x0a\\x09");
    CHECK(escape_terminal, "\xc2\x9b", "\\u{009b}");
    CHECK(escape_terminal, "\xe2\x80\xaegpj.exe", "\\u{202e}gpj.exe");
    CHECK(escape_terminal, "\xd8\x9c\xe2\x81\xa6", "\\u{061c}\\u{2066}");
    CHECK(escape_terminal, "a\xe2\x80\x8b", "a\\u{200b}");
    CHECK(escape_terminal, "\xf3\xa0\x80\x81", "\\u{e0001}");
    CHECK(escape_terminal, "\\x1b", "\\\\x1b");
}

/* RFC 3629, 3: overlong forms, surrogates, beyond U+10FFFF, cut short, alone. */
static void bytes_that_are_not_utf8_are_spelled_out(void **state)
{
    (void)state;
    CHECK(escape_terminal, "\xff\xfe", "\\xff\\xfe");
    CHECK(escape_terminal, "\xc0\xaf", "\\xc0\\xaf");
    CHECK(escape_terminal, "\xe0\x80\xaf", "\\xe0\\x80\\xaf");
    CHECK(escape_terminal, "\xed\xa0\x80", "\\xed\\xa0\\x80");
    CHECK(escape_terminal, "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80");
    CHECK(escape_terminal, "\xf8\x88\x80\x80\x80", "\\xf8\\x88\\x80\\x80\\x80");
    CHECK(escape_terminal, "\x80", "\\x80");
    CHECK(escape_terminal, "\xe2\x82", "\\xe2\\x82");
    CHECK(escape_terminal, "\xe2\x82\x61", "\\xe2\\x82\x61");
}

static bool is_printable(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < 0x20 || (unsigned char)*text >= 0x7f) {
            return false;
        }
    }
    return true;
}

static void every_single_byte_is_harmless_in_every_format(void **state)
{
    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        const char text[] = {(char)byte};
        char *terminal = escaped(escape_terminal, text, 1);
        char *json = escaped(escape_json, text, 1);
        char *csv = escaped(escape_csv, text, 1);
        char *markdown = escaped(escape_markdown, text, 1);
        char *prometheus = escaped(escape_prometheus, text, 1);
        char *zeek = escaped(escape_zeek, text, 1);

        assert_true(is_printable(terminal));
        assert_int_equal(escape_columns(text, 1), strlen(terminal));
        assert_true(is_printable(json) || strcmp(json, "\"\xef\xbf\xbd\"") == 0);
        assert_true(json[0] == '"' && json[strlen(json) - 1] == '"');
        assert_true(is_printable(csv) || strchr("\t\r\n", byte) != NULL);
        free(terminal);
        free(json);
        assert_true(is_printable(markdown) &&
                    strcspn(markdown + 1, "`|<>&") + 2 == strlen(markdown));
        free(csv);
        assert_true(is_printable(prometheus) && is_printable(zeek));
        free(markdown);
        free(prometheus);
        free(zeek);
    }
}

static void json_strings_are_valid(void **state)
{
    (void)state;
    CHECK(escape_json, "", "\"\"");
    CHECK(escape_json, "a\"b\\c", "\"a\\\"b\\\\c\"");
    CHECK(escape_json, "a\0\n\x1f\x7f", "\"a\\u0000\\u000a\\u001f\\u007f\"");
    CHECK(escape_json, "x\xff\xc3", "\"x\xef\xbf\xbd\xef\xbf\xbd\"");
    CHECK(escape_json, "\xe2\x80\xae\xe2\x80\xa8", "\"\\u202e\\u2028\"");
    CHECK(escape_json, "\xf3\xa0\x80\x81", "\"\\udb40\\udc01\"");
    CHECK(escape_json, "\xc3\xbc/,", "\"\xc3\xbc/,\"");
}

static void csv_cells_are_quoted_where_need_be(void **state)
{
    (void)state;
    CHECK(escape_csv, "", "");
    CHECK(escape_csv, "www.example.com", "www.example.com");
    CHECK(escape_csv, "a,b", "\"a,b\"");
    CHECK(escape_csv, "say \"x\"", "\"say \"\"x\"\"\"");
    CHECK(escape_csv, "a\r\nb", "\"a\r\nb\"");
    CHECK(escape_csv, " a", "\" a\"");
    CHECK(escape_csv, "a\\b", "a\\b");
    CHECK(escape_csv, "a\x1b\xff\xc2\x9b", "a\\x1b\\xff\\u{009b}");
}

static void no_csv_cell_begins_a_formula(void **state)
{
    (void)state;
    CHECK(escape_csv, "=1+1", "'=1+1");
    CHECK(escape_csv, "+cmd", "'+cmd");
    CHECK(escape_csv, "-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0");
    CHECK(escape_csv, "@SUM(A1,A2)", "\"'@SUM(A1,A2)\"");
    CHECK(escape_csv, "\t=1", "'\t=1");
    CHECK(escape_csv, "\r=1", "\"'\r=1\"");
    CHECK(escape_csv, "\n=1", "\"'\n=1\"");
    CHECK(escape_csv, "-", "'-");
    CHECK(escape_csv, "--1", "'--1");
    CHECK(escape_csv, "-1.2.3", "'-1.2.3");
}

static void numbers_stay_numbers_in_csv(void **state)
{
    (void)state;
    CHECK(escape_csv, "-1", "-1");
    CHECK(escape_csv, "+12.5", "+12.5");
    CHECK(escape_csv, "-0", "-0");
}

static void nothing_in_a_markdown_span_means_anything(void **state)
{
    (void)state;
    CHECK(escape_markdown, "www.example.com", "`www.example.com`");
    CHECK(escape_markdown, "a|b`c", "`a\\x7cb\\x60c`");
    CHECK(escape_markdown, "<b>&amp;", "`\\x3cb\\x3e\\x26amp;`");
    CHECK(escape_markdown, " a b ", "`\\x20a b\\x20`");
    CHECK(escape_markdown, " ", "`\\x20`");
    CHECK(escape_markdown, "a\nb\\", "`a\\x0ab\\\\`");
    CHECK(escape_markdown, "b\xc3\xbc\xe2\x80\xae\xff", "`b\xc3\xbc\\u{202e}\\xff`");
}

static void prometheus_labels_are_valid_and_different(void **state)
{
    (void)state;
    CHECK(escape_prometheus, "", "\"\"");
    CHECK(escape_prometheus, "www.example.com", "\"www.example.com\"");
    CHECK(escape_prometheus, "a\"b\nc", "\"a\\\"b\\\\x0ac\"");
    CHECK(escape_prometheus, "\xff", "\"\\\\xff\"");
    CHECK(escape_prometheus, "\\xff", "\"\\\\\\\\xff\"");
    CHECK(escape_prometheus, "b\xc3\xbc\xe2\x80\xae", "\"b\xc3\xbc\\\\u{202e}\"");
}

static char *cut(const char *text, size_t len, size_t columns, size_t *taken)
{
    char *result = NULL;
    size_t size;
    FILE *out = open_memstream(&result, &size);

    assert_non_null(out);
    *taken = escape_terminal_cut(out, text, len, columns);
    assert_int_equal(fclose(out), 0);
    return result;
}

static void check_cut(const char *text, size_t columns, const char *wanted)
{
    size_t taken;
    char *result = cut(text, strlen(text), columns, &taken);

    assert_string_equal(result, wanted);
    assert_int_equal(taken, escape_columns(result, strlen(result)) -
                                (strchr(result, '\\') != NULL ? 1U : 0U));
    free(result);
}

static void long_text_loses_its_middle(void **state)
{
    (void)state;
    check_cut("abcdef", 6, "abcdef");
    check_cut("abcdef", 5,
              "ab\xe2\x80\xa6"
              "ef");
    check_cut("abcdef", 4,
              "ab\xe2\x80\xa6"
              "f");
    check_cut("abcdef", 1, "\xe2\x80\xa6");
    check_cut("b\xc3\xbc\x63her.example", 7, "b\xc3\xbc\x63\xe2\x80\xa6ple");
}

static void a_cut_never_splits_an_escape(void **state)
{
    (void)state;
    check_cut("\x1b"
              "bcdefgh",
              9,
              "\\x1b\xe2\x80\xa6"
              "efgh");
    check_cut("abcdefg\x1b", 9, "abcd\xe2\x80\xa6\\x1b");
}

static void a_cut_is_never_wider_than_asked_for(void **state)
{
    (void)state;
    char text[64];
    uint32_t seed = 7;

    for (int round = 0; round < 2000; round++) {
        size_t taken;
        for (size_t i = 0; i < sizeof(text); i++) {
            seed = seed * 1664525 + 1013904223;
            text[i] = (char)(seed >> 24);
        }
        size_t columns = 1 + seed % 70;
        char *result = cut(text, seed % sizeof(text), columns, &taken);
        assert_true(taken <= columns);
        free(result);
    }
}

static void html_has_no_markup(void **state)
{
    (void)state;
    CHECK(escape_html, "", "");
    CHECK(escape_html, "www.example.com", "www.example.com");
    CHECK(escape_html, "<b a=\"x\" c='y'>&amp;",
          "&lt;b a=&quot;x&quot; c=&#39;y&#39;&gt;&amp;amp;");
    CHECK(escape_html, "--><script>", "--&gt;&lt;script&gt;");
    CHECK(escape_html, "a\0b\xff\x1b", "a\\x00b\\xff\\x1b");
    CHECK(escape_html, "\xe2\x80\xaegpj", "\\u{202e}gpj");
    CHECK(escape_html, "b\xc3\xbc\x63her", "b\xc3\xbc\x63her");
    CHECK(escape_html, "\xe0\x80<", "\\xe0\\x80&lt;");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_text_and_utf8_stay),
        cmocka_unit_test(terminal_controls_are_spelled_out),
        cmocka_unit_test(bytes_that_are_not_utf8_are_spelled_out),
        cmocka_unit_test(every_single_byte_is_harmless_in_every_format),
        cmocka_unit_test(json_strings_are_valid),
        cmocka_unit_test(csv_cells_are_quoted_where_need_be),
        cmocka_unit_test(no_csv_cell_begins_a_formula),
        cmocka_unit_test(numbers_stay_numbers_in_csv),
        cmocka_unit_test(nothing_in_a_markdown_span_means_anything),
        cmocka_unit_test(prometheus_labels_are_valid_and_different),
        cmocka_unit_test(long_text_loses_its_middle),
        cmocka_unit_test(a_cut_never_splits_an_escape),
        cmocka_unit_test(a_cut_is_never_wider_than_asked_for),
        cmocka_unit_test(html_has_no_markup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
