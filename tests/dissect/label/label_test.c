#include "dissect/label/label.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int set_up(void **state)
{
    struct error error;

    *state = label_new(&error);
    return *state == NULL;
}

static int tear_down(void **state)
{
    label_free(*state);
    return 0;
}

/* Looks up a name that lies in an exact-size heap block, unterminated. */
static bool look_up(struct label *label, const char *name, char out[LABEL_BYTES])
{
    const size_t len = strlen(name);
    char *block = malloc(len > 0 ? len : 1);

    assert_non_null(block);
    for (size_t i = 0; i < len; i++) {
        block[i] = name[i];
    }
    memset(out, 'x', LABEL_BYTES);
    const bool found = label_app(label, block, len, out);
    free(block);
    return found;
}

static void app_names_the_application_of_a_host(void **state)
{
    char app[LABEL_BYTES];

    assert_true(look_up(*state, "api.github.com", app));
    assert_string_equal(app, "Github");
    assert_true(look_up(*state, "www.google.com", app));
    assert_string_equal(app, "Google");
    assert_true(look_up(*state, "outlook.office365.com", app));
    assert_string_equal(app, "Microsoft365");
}

static void app_ignores_case_and_a_trailing_dot(void **state)
{
    char app[LABEL_BYTES];

    assert_true(look_up(*state, "WWW.YouTube.COM.", app));
    assert_string_equal(app, "YouTube");
}

static void app_is_empty_for_an_unknown_host(void **state)
{
    const char *const names[] = {"example.com", "notgithub.com", "localhost", "a", "", "."};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char app[LABEL_BYTES];
        assert_false(look_up(*state, names[i], app));
        assert_string_equal(app, "");
    }
}

static void app_is_empty_where_the_known_name_is_not_the_end(void **state)
{
    char app[LABEL_BYTES];

    assert_false(look_up(*state, "google.com.evil.example", app));
    assert_false(look_up(*state, "www.github.com.example.net", app));
}

static void app_is_empty_for_what_is_no_host_name(void **state)
{
    char app[LABEL_BYTES];
    char long_name[255]; /* one byte more than a name may have */

    assert_false(look_up(*state, "www.google.com\n", app));
    assert_false(look_up(*state, "=www.google.com", app));
    assert_int_equal(snprintf(long_name, sizeof(long_name), "%0243d.google.com", 0), 254);
    assert_false(label_app(*state, long_name, 254, app));
    assert_string_equal(app, "");
    assert_false(label_app(*state, "www.google.com\0.example", 23, app));
}

static void version_is_not_empty(void **state)
{
    (void)state;
    assert_true(strlen(label_library_version()) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(app_names_the_application_of_a_host),
        cmocka_unit_test(app_ignores_case_and_a_trailing_dot),
        cmocka_unit_test(app_is_empty_for_an_unknown_host),
        cmocka_unit_test(app_is_empty_where_the_known_name_is_not_the_end),
        cmocka_unit_test(app_is_empty_for_what_is_no_host_name),
        cmocka_unit_test(version_is_not_empty),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
