#include "report/svg.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static FILE *out;
static char *text;
static size_t text_bytes;

static void begin(void)
{
    out = open_memstream(&text, &text_bytes);
    assert_non_null(out);
}

static void check(const char *wanted)
{
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, wanted);
    free(text);
}

static void numbers_have_one_decimal_or_none(void **state)
{
    (void)state;
    begin();
    svg_line(out, "axis", (struct svg_point){1.04, 1.06}, (struct svg_point){-0.01, 2.96});
    check("<line class=\"axis\" x1=\"1\" y1=\"1.1\" x2=\"0\" y2=\"3\"/>");
}

static void a_picture_says_what_it_shows_and_a_name_is_no_markup(void **state)
{
    (void)state;
    const char name[] = {'<', 'b', '>', '"', '\x1b'};
    const struct svg_words words = {"Times", name, sizeof(name), "Two & more"};

    begin();
    svg_begin(out, 7, (struct svg_box){0, 5, 420, 200.5}, &words);
    svg_label(out, "end", (struct svg_point){1, 2}, "<5 ms");
    svg_end(out);
    check("<svg viewBox=\"0 5 420 200.5\" role=\"img\" aria-labelledby=\"t7 d7\"><title id=\"t7\">"
          "Times: &lt;b&gt;&quot;\\x1b</title><desc id=\"d7\">Two &amp; more</desc>\n"
          "<text class=\"end\" x=\"1\" y=\"2\">&lt;5 ms</text></svg>\n");
}

static void boxes_share_an_element(void **state)
{
    (void)state;
    const struct svg_box boxes[] = {{10, 20, 4, 30}, {15, 40.25, 4, 9.75}};

    begin();
    svg_boxes(out, "k", boxes, 2);
    check("<path class=\"k\" d=\"M10 20h4v30h-4zM15 40.3h4v9.8h-4z\"/>\n");
}

/* From the foot of each box up its middle; a new element where the width changes. */
static void stripes_are_as_wide_as_their_boxes(void **state)
{
    (void)state;
    const struct svg_box boxes[] = {{10, 20, 4, 30}, {15, 40, 4, 10}, {20, 40, 6, 10}};

    begin();
    svg_stripes(out, "s", boxes, 3);
    check("<path class=\"s\" stroke-width=\"4\" d=\"M12 50v-30M17 50v-10\"/>\n"
          "<path class=\"s\" stroke-width=\"6\" d=\"M23 50v-10\"/>\n");
    begin();
    svg_stripes(out, "s", boxes, 0);
    check("");
}

static void a_group_may_be_clipped(void **state)
{
    (void)state;
    begin();
    svg_group_begin(out, "plot", "clip");
    svg_group_begin(out, "z", NULL);
    svg_group_end(out);
    svg_group_end(out);
    check("<g class=\"plot\" clip-path=\"url(#clip)\"><g class=\"z\"></g>\n</g>\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_have_one_decimal_or_none),
        cmocka_unit_test(a_picture_says_what_it_shows_and_a_name_is_no_markup),
        cmocka_unit_test(boxes_share_an_element),
        cmocka_unit_test(stripes_are_as_wide_as_their_boxes),
        cmocka_unit_test(a_group_may_be_clipped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
