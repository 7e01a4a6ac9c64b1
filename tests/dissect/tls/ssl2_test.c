#include "dissect/tls/ssl2.h"

#include "tests/dissect/tls/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct bytes exact_of(const char *digits)
{
    struct wire *wire = wire_new();

    wire_hex(wire, digits);
    const struct bytes exact = wire_exact(wire->data, wire->len);
    free(wire);
    return exact;
}

/* ---- Headers ---- */

static void a_header_has_two_or_three_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *wire;
        struct ssl2_header header;
    } cases[] = {
        {"802e 01", {.len = 46, .msg_type = 1}},
        {"ffff 04", {.len = 32767, .msg_type = 4}},
        {"002e 00 02", {.len = 46, .msg_type = 2}},
        {"3fff 07 02", {.len = 16383, .padding = 7, .msg_type = 2}},
        {"4010 00 00", {.len = 16, .has_escape = true, .msg_type = 0}},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct bytes exact = exact_of(cases[i].wire);
        for (size_t len = 0; len <= exact.len; len++) {
            const struct bytes cut = wire_exact(exact.data, len);
            struct bytes rest = cut;
            struct ssl2_header header = {.len = 77};
            assert_int_equal(ssl2_header_parse(&rest, &header), len == exact.len);
            assert_int_equal(rest.len, len == exact.len ? 0 : len);
            assert_int_equal(header.len, len == exact.len ? cases[i].header.len : 77);
            wire_free_exact(cut);
        }
        struct bytes rest = exact;
        struct ssl2_header header;
        assert_true(ssl2_header_parse(&rest, &header));
        assert_int_equal(header.padding, cases[i].header.padding);
        assert_int_equal(header.has_escape, cases[i].header.has_escape);
        assert_int_equal(header.msg_type, cases[i].header.msg_type);
        wire_free_exact(exact);
    }
}

static void a_record_without_room_for_a_message_is_none(void **state)
{
    (void)state;
    static const char *const broken[] = {"8000 01", "0000 00 01", "0008 08 01", "0008 09 01"};

    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        const struct bytes exact = exact_of(broken[i]);
        struct bytes rest = exact;
        struct ssl2_header header;
        assert_false(ssl2_header_parse(&rest, &header));
        assert_int_equal(rest.len, exact.len);
        wire_free_exact(exact);
    }
}

/* ---- CLIENT-HELLO ---- */

/* RFC 5246, E.2: a client that speaks TLS 1.0 and SSL 2.0. */
static const char client_hello[] = "0301"                 /* version */
                                   "0006 0010 0010"       /* the three lengths */
                                   "010080 00002f"        /* cipher_specs */
                                   "50515253545556575859" /* session_id */
                                   "5a5b5c5d5e5f"
                                   "c0c1c2c3c4c5c6c7c8c9cacbcccdcecf"; /* challenge */

static void reads_a_hello_in_ssl2_format(void **state)
{
    (void)state;
    struct client_hello hello;
    const struct bytes body = exact_of(client_hello);

    assert_true(ssl2_client_hello_parse(body, &hello));
    assert_int_equal(hello.legacy_version, TLS_1_0);
    assert_int_equal(hello.highest_version, TLS_1_0);
    assert_int_equal(hello.session_id.len, 16);
    assert_int_equal(hello.session_id.data[0], 0x50);
    assert_int_equal(hello.random.len, 16);
    assert_int_equal(hello.random.data[0], 0xc0);
    assert_int_equal(hello.ticket_extension, TICKET_ABSENT);
    wire_free_exact(body);
}

static void refuses_every_truncation_of_a_client_hello(void **state)
{
    (void)state;
    const struct bytes body = exact_of(client_hello);

    for (size_t len = 0; len < body.len; len++) {
        const struct bytes cut = wire_exact(body.data, len);
        struct client_hello hello = {.legacy_version = 77};
        assert_false(ssl2_client_hello_parse(cut, &hello));
        assert_int_equal(hello.legacy_version, 77);
        wire_free_exact(cut);
    }
    wire_free_exact(body);
}

/* The given fixed part, and as many bytes behind it as its lengths say, and `more`. */
static bool is_client_hello(const char *fixed, size_t variable, size_t more)
{
    struct wire *wire = wire_new();
    struct client_hello hello;

    wire_hex(wire, fixed);
    wire_fill(wire, 0x33, variable + more);
    const struct bytes exact = wire_exact(wire->data, wire->len);
    const bool is_parsed = ssl2_client_hello_parse(exact, &hello);
    assert_true(!is_parsed || hello.session_id.len == 0 ||
                hello.session_id.len == SSL2_SESSION_ID_BYTES);
    wire_free_exact(exact);
    free(wire);
    return is_parsed;
}

static void only_lengths_and_versions_that_can_be_make_a_client_hello(void **state)
{
    (void)state;

    assert_true(is_client_hello("0002 0003 0000 0010", 3 + 16, 0));
    assert_true(is_client_hello("0002 0003 0010 0020", 3 + 16 + 32, 0));
    assert_true(is_client_hello("0300 0003 0000 0010", 3 + 16, 0));
    assert_false(is_client_hello("0002 0003 0000 0010", 3 + 16, 1)); /* and a byte behind it */
    assert_false(is_client_hello("0002 0000 0000 0010", 16, 0));
    assert_false(is_client_hello("0002 0004 0000 0010", 4 + 16, 0));
    assert_false(is_client_hello("0002 0003 0008 0010", 3 + 8 + 16, 0));
    assert_false(is_client_hello("0002 0003 0020 0010", 3 + 32 + 16, 0));
    assert_false(is_client_hello("0002 0003 0000 000f", 3 + 15, 0));
    assert_false(is_client_hello("0002 0003 0000 0021", 3 + 33, 0));
    assert_false(is_client_hello("0001 0003 0000 0010", 3 + 16, 0));
    assert_false(is_client_hello("0200 0003 0000 0010", 3 + 16, 0));
}

/* ---- SERVER-HELLO ---- */

/* Its fixed part, and as many bytes as its lengths say; each truncation is refused. */
static bool is_server_hello(const char *fixed, size_t variable, struct server_hello *hello)
{
    struct wire *wire = wire_new();

    wire_hex(wire, fixed);
    wire_fill(wire, 0x33, variable);
    for (size_t len = 0; len < wire->len; len++) {
        const struct bytes cut = wire_exact(wire->data, len);
        struct server_hello untouched = {.version = 77};
        assert_false(ssl2_server_hello_parse(cut, &untouched));
        assert_int_equal(untouched.version, 77);
        wire_free_exact(cut);
    }
    const struct bytes exact = wire_exact(wire->data, wire->len);
    const bool is_parsed = ssl2_server_hello_parse(exact, hello);
    wire_free_exact(exact);
    free(wire);
    return is_parsed;
}

static void a_server_hello_brings_a_certificate_or_a_hit(void **state)
{
    (void)state;
    struct server_hello hello;

    assert_true(is_server_hello("00 01 0002 0040 0006 0010", 64 + 6 + 16, &hello));
    assert_int_equal(hello.version, SSL_2_0);
    assert_false(hello.has_session_id_hit);
    assert_int_equal(hello.session_id.len, 0);
    assert_true(is_server_hello("01 00 0002 0000 0000 0010", 16, &hello));
    assert_true(hello.has_session_id_hit);
    assert_false(is_server_hello("01 01 0002 0040 0006 0010", 64 + 6 + 16, &hello)); /* both */
    assert_false(is_server_hello("00 01 0002 0000 0006 0010", 6 + 16, &hello));      /* neither */
    assert_false(is_server_hello("02 00 0002 0000 0000 0010", 16, &hello));
    assert_false(is_server_hello("01 00 0300 0000 0000 0010", 16, &hello));
    assert_false(is_server_hello("00 01 0002 0040 0005 0010", 64 + 5 + 16, &hello));
    assert_false(is_server_hello("01 00 0002 0000 0000 000f", 15, &hello));
    assert_false(is_server_hello("01 00 0002 0000 0000 0021", 33, &hello));
}

/* ---- CLIENT-MASTER-KEY and ERROR ---- */

/* Of a message that is one, each truncation is refused. */
static bool is_message(unsigned msg_type, const char *digits, struct tls_event *event)
{
    const struct bytes exact = exact_of(digits);
    const bool is_parsed = ssl2_message_parse((uint8_t)msg_type, exact, event);

    for (size_t len = 0; is_parsed && len < exact.len; len++) {
        const struct bytes cut = wire_exact(exact.data, len);
        struct tls_event untouched = {.alert_description = 77};
        assert_false(ssl2_message_parse((uint8_t)msg_type, cut, &untouched));
        assert_int_equal(untouched.alert_description, 77);
        wire_free_exact(cut);
    }
    wire_free_exact(exact);
    return is_parsed;
}

static void a_client_master_key_is_as_long_as_it_says(void **state)
{
    (void)state;
    struct tls_event event = {0};

    assert_true(is_message(2, "0700c0 0000 0004 0002 a1a2a3a4 b1b2", &event));
    assert_true(is_message(2, "020080 0001 0002 0000 c1 a1a2", &event));
    assert_false(is_message(2, "0700c0 0000 0004 0001 a1a2a3a4 b1b2", &event));
    assert_false(is_message(2, "0700c0 0002 0000 0000 c1c2", &event)); /* nothing encrypted */
}

static void an_error_is_told_as_the_alert_that_took_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        uint8_t level;
        uint8_t description;
    } cases[] = {{"0001", 2, 40}, {"0002", 1, 41}, {"0004", 2, 42}, {"0006", 2, 43}};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct tls_event event = {0};
        assert_true(is_message(0, cases[i].body, &event));
        assert_int_equal(event.alert_level, cases[i].level);
        assert_int_equal(event.alert_description, cases[i].description);
    }
    struct tls_event event = {0};
    assert_false(is_message(0, "0000", &event));
    assert_false(is_message(0, "0003", &event));
    assert_false(is_message(0, "0100", &event));
    assert_false(is_message(0, "000100", &event));
}

static void what_is_never_in_clear_has_no_event(void **state)
{
    (void)state;
    struct tls_event event = {0};

    for (unsigned msg_type = 0; msg_type < 256; msg_type++) {
        const bool is_clear = msg_type <= 2 || msg_type == 4;
        assert_int_equal(ssl2_event_kind((uint8_t)msg_type) != TLS_EVENT_KIND_COUNT, is_clear);
        assert_true(is_clear || !is_message(msg_type, "0001", &event));
    }
}

/* ---- The beginning of a direction ---- */

/* Every shorter look must say "more", or the same. */
static enum message_look look_at(const char *digits)
{
    const struct bytes whole = exact_of(digits);
    const enum message_look found = ssl2_look(whole);

    assert_true(whole.len <= SSL2_LOOK_BYTES);
    for (size_t len = 0; len < whole.len; len++) {
        const struct bytes cut = wire_exact(whole.data, len);
        const enum message_look early = ssl2_look(cut);
        assert_true(early == MESSAGE_LOOKS_MORE || early == found);
        wire_free_exact(cut);
    }
    wire_free_exact(whole);
    return found;
}

static void three_messages_may_begin_a_direction(void **state)
{
    (void)state;
    static const char *const beginnings[] = {
        "802e 01 0002 0015 0000 0010",       /* CLIENT-HELLO */
        "803e 01 0301 0015 0010 0010",       /* of a client that speaks TLS 1.0 too */
        "83b4 04 00 01 0002 0387 0012 0010", /* SERVER-HELLO with a certificate */
        "801b 04 01 00 0002 0000 0000 0010", /* with a hit */
        "8003 00 0001",                      /* ERROR */
    };
    static const char *const others[] = {
        "8020 02 0700c0 0000 0010 0006",     /* CLIENT-MASTER-KEY */
        "002e 00 01 0002 0015 0000 0010",    /* a header of three bytes */
        "802f 01 0002 0015 0000 0010",       /* lengths that do not add up */
        "801c 04 01 00 0002 0000 0000 0010", /* likewise */
        "801b 04 01 00 0301 0000 0000 0010", /* another version */
        "8004 00 0001",                      /* no ERROR has four bytes */
        "8003 00 0003",                      /* no ERROR has that code */
        "8003 05 0001",
        "8000 01 0002",
    };

    for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++) {
        assert_int_equal(look_at(beginnings[i]), MESSAGE_LOOKS_CLEAR);
    }
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        assert_int_equal(look_at(others[i]), MESSAGE_LOOKS_NO);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_header_has_two_or_three_bytes),
        cmocka_unit_test(a_record_without_room_for_a_message_is_none),
        cmocka_unit_test(reads_a_hello_in_ssl2_format),
        cmocka_unit_test(refuses_every_truncation_of_a_client_hello),
        cmocka_unit_test(only_lengths_and_versions_that_can_be_make_a_client_hello),
        cmocka_unit_test(a_server_hello_brings_a_certificate_or_a_hit),
        cmocka_unit_test(a_client_master_key_is_as_long_as_it_says),
        cmocka_unit_test(an_error_is_told_as_the_alert_that_took_its_place),
        cmocka_unit_test(what_is_never_in_clear_has_no_event),
        cmocka_unit_test(three_messages_may_begin_a_direction),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
