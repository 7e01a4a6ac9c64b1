#include "tests/store/fixture.h"

#include <string.h>

static const char kinds[] = "SELECT count(*) || ' ' || (SELECT count(DISTINCT kind) FROM handshake)"
                            " FROM handshake_kind";

static void set_texts(struct handshake *handshake, const char *alpn, const char *guess,
                      const char *messages)
{
    handshake->alpn.len = (uint8_t)strlen(alpn);
    memcpy(handshake->alpn.text, alpn, handshake->alpn.len);
    handshake->carrier = guess[0] == '\0' ? CARRIER_NONE : CARRIER_OTHER;
    memset(handshake->carrier_guess, 0, sizeof(handshake->carrier_guess));
    memcpy(handshake->carrier_guess, guess, strlen(guess));
    memset(handshake->messages, 0, sizeof(handshake->messages));
    memcpy(handshake->messages, messages, strlen(messages));
}

static void handshakes_alike_are_of_one_kind(void **state)
{
    const struct fixture *fixture = *state;

    for (int run = 0; run < 2; run++) { /* the second finds it in the database */
        struct store *store = fixture_open(fixture->path);
        for (int64_t i = 0; i < 3; i++) {
            const struct handshake handshake = fixture_handshake(INT64_C(10) * run + i);
            fixture_add(store, &handshake);
        }
        fixture_close(store);
    }
    assert_string_equal(fixture_sql(fixture->path, kinds), "1 1");
}

static void whatever_a_kind_has_makes_another_one(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    struct handshake handshakes[9];

    for (size_t i = 0; i < 9; i++) {
        handshakes[i] = fixture_handshake((int64_t)i);
        handshakes[i].has_cipher = true;
        handshakes[i].cipher = 0;
        set_texts(&handshakes[i], "ab", "cd", ">CH");
    }
    handshakes[1].version--;
    handshakes[2].cipher++;
    handshakes[3].has_cipher = false;
    handshakes[4].anomalies ^= 1;
    handshakes[5].rtts_tls++;
    set_texts(&handshakes[6], "abc", "d", ">CH"); /* the same letters */
    set_texts(&handshakes[7], "ab", "cd", ">CH <SH");
    set_texts(&handshakes[8], "", "", "");
    for (size_t i = 0; i < 9; i++) {
        fixture_add(store, &handshakes[i]);
    }
    fixture_close(store);
    assert_string_equal(fixture_sql(fixture->path, kinds), "9 9");
    assert_string_equal(fixture_sql(fixture->path, "SELECT alpn || carrier || messages || cipher"
                                                   " FROM v_handshake WHERE id = 1"),
                        "abcd>CHTLS_NULL_WITH_NULL_NULL");
    assert_string_equal(fixture_sql(fixture->path, "SELECT cipher FROM v_handshake WHERE id = 4"),
                        "(null)");
    assert_string_equal(fixture_sql(fixture->path,
                                    "SELECT coalesce(alpn, carrier, messages, 'none')"
                                    " FROM v_handshake WHERE id = 9"),
                        "none");
}

/* Too long to be kept in memory. */
static void long_texts_are_of_one_kind_too(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    for (int64_t i = 0; i < 3; i++) {
        struct handshake handshake = fixture_handshake(i);
        handshake.alpn.len = 255;
        memset(handshake.alpn.text, 'a', 255);
        fixture_add(store, &handshake);
    }
    fixture_close(store);
    assert_string_equal(fixture_sql(fixture->path, kinds), "1 1");
    assert_string_equal(fixture_sql(fixture->path, "SELECT length(alpn) FROM v_handshake"), "255");
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, fixture_make, fixture_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIRECTORY(handshakes_alike_are_of_one_kind),
        IN_DIRECTORY(whatever_a_kind_has_makes_another_one),
        IN_DIRECTORY(long_texts_are_of_one_kind_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
