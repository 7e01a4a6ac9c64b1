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

static bool listen_to(struct label *label, const char *client, const char *server,
                      char out[CARRIER_GUESS_BYTES])
{
    struct carrier_speech said[2] = {{.len = (uint8_t)strlen(client)},
                                     {.len = (uint8_t)strlen(server)}};

    memcpy(said[0].bytes, client, said[0].len);
    memcpy(said[1].bytes, server, said[1].len);
    memset(out, 'x', CARRIER_GUESS_BYTES);
    return label_carrier(label, &said[0], &said[1], out);
}

static void carrier_names_what_both_sides_said(void **state)
{
    char name[CARRIER_GUESS_BYTES];

    assert_true(listen_to(*state, "RFB 003.008\n", "RFB 003.008\n", name));
    assert_string_equal(name, "vnc");
    assert_true(
        listen_to(*state, "OPTIONS rtsp://a/ RTSP/1.0\r\n\r\n", "RTSP/1.0 200 OK\r\n", name));
    assert_string_equal(name, "rtsp");
    assert_true(listen_to(*state, "*1\r\n$4\r\nPING\r\n", "+PONG\r\n", name));
    assert_string_equal(name, "redis");
}

static void carrier_is_empty_for_unknown_words(void **state)
{
    char name[CARRIER_GUESS_BYTES];

    assert_false(listen_to(*state, "hello world\n", "hi\n", name));
    assert_string_equal(name, "");
    assert_false(listen_to(*state, "", "", name));
    assert_string_equal(name, "");
}

/* What is kept of a side may be cut anywhere, or be anything. */
static void carrier_takes_every_length_and_byte(void **state)
{
    for (unsigned byte = 0; byte < 256; byte++) {
        for (unsigned len = 0; len <= CARRIER_SPEECH_BYTES; len++) {
            struct carrier_speech said = {.len = (uint8_t)len};
            char name[CARRIER_GUESS_BYTES];
            memset(said.bytes, (int)byte, len);
            (void)label_carrier(*state, &said, &said, name);
            assert_true(strlen(name) < CARRIER_GUESS_BYTES);
        }
    }
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
        cmocka_unit_test(carrier_names_what_both_sides_said),
        cmocka_unit_test(carrier_is_empty_for_unknown_words),
        cmocka_unit_test(carrier_takes_every_length_and_byte),
        cmocka_unit_test(version_is_not_empty),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
