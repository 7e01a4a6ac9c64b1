#include "dissect/tls/hello.h"

#include "tests/dissect/tls/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What is parsed borrows from `body`, an exact-size copy. */
struct fixture {
    struct bytes body;
    struct server_hello hello;
    bool is_parsed;
};

static void parse_hex(struct fixture *fixture, const char *digits)
{
    struct wire *wire = wire_new();

    wire_hex(wire, digits);
    fixture->body = wire_exact(wire->data, wire->len);
    fixture->is_parsed = server_hello_parse(fixture->body, &fixture->hello);
    free(wire);
}

/* The hello with these extensions, in hex, and version 0x0303. */
static struct server_hello hello_with(struct fixture *fixture, const char *extensions)
{
    struct wire *wire = wire_new();

    wire_server_hello_start(wire, 0x0303);
    const size_t mark = wire_open(wire, 2);
    wire_hex(wire, extensions);
    wire_close(wire, mark, 2);
    fixture->body = wire_exact(wire->data, wire->len);
    assert_true(server_hello_parse(fixture->body, &fixture->hello));
    free(wire);
    return fixture->hello;
}

static void done(struct fixture *fixture)
{
    wire_free_exact(fixture->body);
}

/* RFC 8448, 3: ServerHello without its message header. */
static const char rfc8448_hello[] =
    "0303 a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e26928" /* version, random */
    "00 1301 00"          /* session_id, cipher_suite, compression_method */
    "002e"                /* extensions */
    "0033 0024 001d 0020" /* key_share: x25519 */
    "c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f"
    "002b 0002 0304"; /* supported_versions: TLS 1.3 */

#define RANDOM "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define RETRY_RANDOM "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c"

static void reads_the_hello_of_rfc_8448(void **state)
{
    (void)state;
    struct fixture f;

    parse_hex(&f, rfc8448_hello);
    assert_int_equal(f.body.len, 86);
    assert_true(f.is_parsed);
    assert_false(f.hello.is_damaged);
    assert_int_equal(f.hello.legacy_version, TLS_1_2);
    assert_int_equal(f.hello.version, TLS_1_3);
    assert_int_equal(f.hello.cipher, 0x1301);
    assert_int_equal(f.hello.random.data[31], 0x28);
    assert_int_equal(f.hello.session_id.len, 0);
    assert_true(f.hello.has_key_share);
    assert_false(f.hello.has_psk);
    assert_false(f.hello.is_hello_retry_request);
    done(&f);
}

static void refuses_every_truncation(void **state)
{
    (void)state;
    const size_t without_extensions = 2 + 32 + 1 + 2 + 1;
    struct wire *wire = wire_new();

    wire_hex(wire, rfc8448_hello);
    for (size_t len = 0; len < wire->len; len++) {
        const struct bytes cut = wire_exact(wire->data, len);
        struct server_hello hello;
        struct server_hello untouched;
        memset(&hello, 0x5a, sizeof(hello));
        memset(&untouched, 0x5a, sizeof(untouched));
        assert_int_equal(server_hello_parse(cut, &hello), len == without_extensions);
        if (len != without_extensions) {
            assert_memory_equal(&hello, &untouched, sizeof(hello));
        }
        wire_free_exact(cut);
    }
    free(wire);
}

static void a_hello_without_extensions_answers_with_its_version(void **state)
{
    (void)state;
    struct fixture f;

    parse_hex(&f, "0301" RANDOM "02 aabb 002f 00");
    assert_true(f.is_parsed);
    assert_int_equal(f.hello.version, TLS_1_0);
    assert_int_equal(f.hello.session_id.len, 2);
    assert_int_equal(f.hello.cipher, 0x002f);
    done(&f);
}

static void knows_a_hello_retry_request_by_its_random(void **state)
{
    (void)state;
    struct fixture f;

    parse_hex(&f, "0303" RETRY_RANDOM "00 1302 00 000c 002b 0002 0304 0033 0002 0017");
    assert_true(f.is_parsed);
    assert_true(f.hello.is_hello_retry_request);
    assert_true(f.hello.has_key_share);
    assert_false(f.hello.is_damaged);
    assert_int_equal(f.hello.version, TLS_1_3);
    done(&f);
}

/* Draft 18: version 0x7f12, no session_id and no compression_method. */
static void reads_the_shorter_hello_of_drafts_up_to_21(void **state)
{
    (void)state;
    struct fixture f;

    parse_hex(&f, "7f12" RANDOM "1301 0010 0029 0002 0000 0028 0006 001d 0002 abcd");
    assert_true(f.is_parsed);
    assert_int_equal(f.hello.version, 0x7f12);
    assert_int_equal(f.hello.cipher, 0x1301);
    assert_int_equal(f.hello.session_id.len, 0);
    assert_true(f.hello.has_psk);
    assert_true(f.hello.has_key_share);
    assert_false(f.hello.is_damaged);
    done(&f);

    /* draft 21 is the last of them */
    parse_hex(&f, "7f15" RANDOM "1302");
    assert_true(f.is_parsed);
    assert_int_equal(f.hello.cipher, 0x1302);
    done(&f);
    parse_hex(&f, "7f16" RANDOM "1302");
    assert_false(f.is_parsed);
    done(&f);
}

/* 0x7f0e to 0x7f1c: up to 21 in the shorter form, then in supported_versions. */
static void every_draft_from_14_to_28_is_tls13(void **state)
{
    (void)state;

    for (unsigned draft = 14; draft <= 28; draft++) {
        struct fixture f;
        char text[160];
        const int len = draft <= 21 ? snprintf(text, sizeof(text),
                                               "7f%02x" RANDOM "1301 0010 0029 0002 0000"
                                               "0028 0006 001d 0002 abcd",
                                               draft)
                                    : snprintf(text, sizeof(text),
                                               "0303" RANDOM "00 1301 00 0016 002b 0002 7f%02x"
                                               "0029 0002 0000 0033 0006 001d 0002 abcd",
                                               draft);
        assert_true(len > 0 && len < (int)sizeof(text));
        parse_hex(&f, text);
        assert_true(f.is_parsed);
        assert_false(f.hello.is_damaged);
        assert_int_equal(f.hello.version, 0x7f00 + draft);
        assert_int_equal(tls_version_family(f.hello.version), TLS_1_3);
        assert_int_equal(f.hello.cipher, 0x1301);
        assert_true(f.hello.has_psk && f.hello.has_key_share);
        done(&f);
    }
}

static void experiments_are_answered_in_supported_versions(void **state)
{
    (void)state;
    static const char *const answers[] = {"002b 0002 7e01", "002b 0002 7e02", "002b 0002 fb1a"};

    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        struct fixture f;
        assert_int_equal(tls_version_family(hello_with(&f, answers[i]).version), TLS_1_3);
        done(&f);
    }
}

static void a_session_id_longer_than_32_bytes_is_damage(void **state)
{
    (void)state;

    for (unsigned len = 0; len <= 255; len++) {
        struct wire *wire = wire_new();
        struct server_hello hello;
        wire_u16(wire, 0x0303);
        wire_fill(wire, 0, HELLO_RANDOM_BYTES);
        wire_u8(wire, len);
        wire_fill(wire, 0xab, len);
        wire_hex(wire, "c02f 00");
        const struct bytes exact = wire_exact(wire->data, wire->len);
        assert_true(server_hello_parse(exact, &hello));
        assert_int_equal(hello.session_id.len, len);
        assert_int_equal(hello.is_damaged, len > HELLO_SESSION_ID_MAX);
        wire_free_exact(exact);
        free(wire);
    }
}

static void alpn_gives_the_chosen_protocol(void **state)
{
    (void)state;
    struct fixture f;

    const struct server_hello hello = hello_with(&f, "0010 0005 0003 02 6832");
    assert_int_equal(hello.alpn.len, 2);
    assert_memory_equal(hello.alpn.data, "h2", 2);
    done(&f);
    assert_int_equal(hello_with(&f, "0010 0003 0001 00").alpn.len, 0);
    assert_true(f.hello.is_damaged);
    done(&f);
}

static void extended_master_secret_is_empty(void **state)
{
    (void)state;
    struct fixture f;

    assert_true(hello_with(&f, "0017 0000").has_extended_master_secret);
    done(&f);
    assert_false(hello_with(&f, "0017 0001 00").has_extended_master_secret);
    assert_true(f.hello.is_damaged);
    done(&f);
}

static void session_ticket_announces_a_ticket(void **state)
{
    (void)state;
    struct fixture f;

    assert_int_equal(hello_with(&f, "0023 0000").ticket_extension, TICKET_EMPTY);
    assert_false(f.hello.is_damaged);
    done(&f);
    assert_int_equal(hello_with(&f, "0023 0001 00").ticket_extension, TICKET_PRESENT);
    assert_true(f.hello.is_damaged);
    done(&f);
    assert_int_equal(hello_with(&f, "").ticket_extension, TICKET_ABSENT);
    done(&f);
}

static void pre_shared_key_selects_an_identity(void **state)
{
    (void)state;
    struct fixture f;

    const struct server_hello hello = hello_with(&f, "0029 0002 0003");
    assert_true(hello.has_psk);
    assert_int_equal(hello.selected_identity, 3);
    done(&f);
    assert_false(hello_with(&f, "0029 0001 00").has_psk);
    assert_true(f.hello.is_damaged);
    done(&f);
    assert_false(hello_with(&f, "0029 0003 000000").has_psk);
    assert_true(f.hello.is_damaged);
    done(&f);
}

static void supported_versions_overrules_the_legacy_version(void **state)
{
    (void)state;
    struct fixture f;

    assert_int_equal(hello_with(&f, "002b 0002 0304").version, TLS_1_3);
    assert_int_equal(f.hello.legacy_version, TLS_1_2);
    done(&f);
    assert_int_equal(hello_with(&f, "002b 0002 7f1c").version, 0x7f1c);
    done(&f);
    assert_int_equal(hello_with(&f, "002b 0003 020304").version, TLS_1_2);
    assert_true(f.hello.is_damaged);
    done(&f);
}

static void key_share_comes_under_two_numbers_and_in_two_forms(void **state)
{
    (void)state;
    struct fixture f;

    assert_true(hello_with(&f, "0033 0006 001d 0002 abcd").has_key_share);
    done(&f);
    assert_true(hello_with(&f, "0028 0006 001d 0002 abcd").has_key_share);
    done(&f);
    assert_true(hello_with(&f, "0033 0002 0017").has_key_share);
    assert_false(f.hello.is_damaged);
    done(&f);
    assert_false(hello_with(&f, "0033 0005 001d 0002 ab").has_key_share);
    assert_true(f.hello.is_damaged);
    done(&f);
}

static void the_first_of_repeated_extensions_wins(void **state)
{
    (void)state;
    struct fixture f;

    assert_int_equal(hello_with(&f, "0029 0002 0001 0029 0002 0002").selected_identity, 1);
    assert_false(f.hello.is_damaged);
    done(&f);
}

static void unknown_extensions_change_nothing(void **state)
{
    (void)state;
    struct fixture f;

    const struct server_hello hello = hello_with(&f, "ff01 0001 00 000b 0002 0100 1a1a 0000");
    assert_false(hello.is_damaged);
    assert_int_equal(hello.version, TLS_1_2);
    done(&f);
}

static void a_list_of_extensions_that_breaks_off_is_refused(void **state)
{
    (void)state;
    struct fixture f;

    parse_hex(&f, "0303" RANDOM "00 002f 00 0003 001700");
    assert_false(f.is_parsed);
    done(&f);
}

/* HelloRetryRequest of draft 18 and of drafts 19 to 21, the latter with a cipher suite. */
static void reads_the_retry_message_of_drafts(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        uint16_t cipher;
    } cases[] = {
        {"7f12 0006 0028 0002 0017", 0},
        {"7f13 1301 0006 0028 0002 0017", 0x1301},
        {"7f15 1302 0006 0028 0002 0017", 0x1302},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct wire *wire = wire_new();
        struct server_hello hello;
        wire_hex(wire, cases[i].body);
        for (size_t len = 0; len <= wire->len; len++) {
            const struct bytes cut = wire_exact(wire->data, len);
            const size_t fixed = cases[i].cipher != 0 ? 4 : 2;
            assert_int_equal(hello_retry_request_parse(cut, &hello),
                             len == wire->len || len == fixed);
            wire_free_exact(cut);
        }
        assert_true(hello.is_hello_retry_request);
        assert_true(hello.has_key_share);
        assert_int_equal(hello.cipher, cases[i].cipher);
        free(wire);
    }
}

static void reads_a_new_session_ticket(void **state)
{
    (void)state;
    struct wire *wire = wire_new();
    struct new_session_ticket ticket;

    wire_hex(wire, "00001c20 0004 74696b74");
    for (size_t len = 0; len < wire->len; len++) {
        const struct bytes cut = wire_exact(wire->data, len);
        ticket.lifetime_hint_s = 77;
        assert_false(new_session_ticket_parse(cut, &ticket));
        assert_int_equal(ticket.lifetime_hint_s, 77);
        wire_free_exact(cut);
    }
    const struct bytes body = wire_exact(wire->data, wire->len);
    assert_true(new_session_ticket_parse(body, &ticket));
    assert_int_equal(ticket.lifetime_hint_s, 7200);
    assert_int_equal(ticket.ticket.len, 4);
    assert_memory_equal(ticket.ticket.data, "tikt", 4);
    wire_free_exact(body);
    free(wire);
}

static void a_new_session_ticket_may_be_empty_but_not_too_long(void **state)
{
    (void)state;
    static const uint8_t empty[] = {0, 0, 0, 0, 0, 0};
    static const uint8_t too_long[] = {0, 0, 0, 0, 0, 0, 0};
    struct new_session_ticket ticket;

    assert_true(new_session_ticket_parse((struct bytes){empty, sizeof(empty)}, &ticket));
    assert_int_equal(ticket.ticket.len, 0);
    assert_false(new_session_ticket_parse((struct bytes){too_long, sizeof(too_long)}, &ticket));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_hello_of_rfc_8448),
        cmocka_unit_test(refuses_every_truncation),
        cmocka_unit_test(a_hello_without_extensions_answers_with_its_version),
        cmocka_unit_test(knows_a_hello_retry_request_by_its_random),
        cmocka_unit_test(reads_the_shorter_hello_of_drafts_up_to_21),
        cmocka_unit_test(every_draft_from_14_to_28_is_tls13),
        cmocka_unit_test(experiments_are_answered_in_supported_versions),
        cmocka_unit_test(a_session_id_longer_than_32_bytes_is_damage),
        cmocka_unit_test(alpn_gives_the_chosen_protocol),
        cmocka_unit_test(extended_master_secret_is_empty),
        cmocka_unit_test(session_ticket_announces_a_ticket),
        cmocka_unit_test(pre_shared_key_selects_an_identity),
        cmocka_unit_test(supported_versions_overrules_the_legacy_version),
        cmocka_unit_test(key_share_comes_under_two_numbers_and_in_two_forms),
        cmocka_unit_test(the_first_of_repeated_extensions_wins),
        cmocka_unit_test(unknown_extensions_change_nothing),
        cmocka_unit_test(a_list_of_extensions_that_breaks_off_is_refused),
        cmocka_unit_test(reads_the_retry_message_of_drafts),
        cmocka_unit_test(reads_a_new_session_ticket),
        cmocka_unit_test(a_new_session_ticket_may_be_empty_but_not_too_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
