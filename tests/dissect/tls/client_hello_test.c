#include "dissect/tls/hello.h"

#include "tests/dissect/tls/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A ClientHello's body with the given extension block, parsed. What is parsed borrows from
 * `body`, an exact-size copy. */
struct fixture {
    struct bytes body;
    struct client_hello hello;
    bool is_parsed;
};

static void parse(struct fixture *fixture, const struct wire *wire)
{
    fixture->body = wire_exact(wire->data, wire->len);
    fixture->is_parsed = client_hello_parse(fixture->body, &fixture->hello);
}

/* The hello with these extensions, in hex, and version 0x0303. */
static struct client_hello hello_with(struct fixture *fixture, const char *extensions)
{
    struct wire *wire = wire_new();

    wire_client_hello_start(wire, 0x0303);
    const size_t mark = wire_open(wire, 2);
    wire_hex(wire, extensions);
    wire_close(wire, mark, 2);
    parse(fixture, wire);
    free(wire);
    assert_true(fixture->is_parsed);
    return fixture->hello;
}

static void done(struct fixture *fixture)
{
    wire_free_exact(fixture->body);
}

static void assert_text(struct bytes bytes, const char *text)
{
    assert_int_equal(bytes.len, strlen(text));
    assert_memory_equal(bytes.data, text, strlen(text));
}

/* RFC 8448, 3: ClientHello without its message header. */
static const char rfc8448_hello[] =
    "0303 cb34ecb1e78163ba1c38c6dacb196a6dffa21a8d9912ec18a2ef6283024dece7" /* version, random */
    "00 0006 130113031302 0100"           /* session_id, cipher_suites, compression_methods */
    "0091"                                /* extensions */
    "0000 000b 0009 00 0006 736572766572" /* server_name: server */
    "ff01 0001 00"                        /* renegotiation_info */
    "000a 0014 0012 001d 0017 0018 0019 0100 0101 0102 0103 0104" /* supported_groups */
    "0023 0000"                                                   /* session_ticket, empty */
    "0033 0026 0024 001d 0020"                                    /* key_share: x25519 */
    "99381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c"
    "002b 0003 02 0304" /* supported_versions: TLS 1.3 */
    "000d 0020 001e 0403 0503 0603 0203 0804 0805 0806 0401 0501 0601 0201 0402 0502 0602 0202"
    "002d 0002 01 01" /* psk_key_exchange_modes: psk_dhe_ke */
    "001c 0002 4001"; /* record_size_limit */

static void reads_the_hello_of_rfc_8448(void **state)
{
    (void)state;
    struct wire *wire = wire_new();
    struct fixture f;

    wire_hex(wire, rfc8448_hello);
    assert_int_equal(wire->len, 192);
    parse(&f, wire);
    assert_true(f.is_parsed);
    assert_false(f.hello.is_damaged);
    assert_int_equal(f.hello.legacy_version, 0x0303);
    assert_int_equal(f.hello.highest_version, TLS_1_3);
    assert_int_equal(f.hello.random.len, 32);
    assert_int_equal(f.hello.random.data[0], 0xcb);
    assert_int_equal(f.hello.session_id.len, 0);
    assert_text(f.hello.sni, "server");
    assert_int_equal(f.hello.ticket_extension, TICKET_EMPTY);
    assert_true(f.hello.has_psk_dhe_ke);
    assert_false(f.hello.has_psk_ke);
    assert_false(f.hello.has_psk);
    done(&f);
    free(wire);
}

/* Cut anywhere it must be refused, and leave `out` alone; but for the one place where it is a
 * hello without extensions. */
static void refuses_every_truncation(void **state)
{
    (void)state;
    struct wire *wire = wire_new();

    wire_hex(wire, rfc8448_hello);
    const size_t without_extensions = 2 + 32 + 1 + 2 + 6 + 2;
    for (size_t len = 0; len < wire->len; len++) {
        struct bytes cut = wire_exact(wire->data, len);
        struct client_hello hello;
        struct client_hello untouched;
        memset(&hello, 0x5a, sizeof(hello));
        memset(&untouched, 0x5a, sizeof(untouched));
        assert_int_equal(client_hello_parse(cut, &hello), len == without_extensions);
        if (len != without_extensions) {
            assert_memory_equal(&hello, &untouched, sizeof(hello));
        }
        wire_free_exact(cut);
    }
    free(wire);
}

static void a_hello_without_extensions_offers_its_legacy_version(void **state)
{
    (void)state;
    struct wire *wire = wire_new();
    struct fixture f;

    wire_client_hello_start(wire, 0x0301);
    parse(&f, wire);
    assert_true(f.is_parsed);
    assert_int_equal(f.hello.highest_version, TLS_1_0);
    assert_int_equal(f.hello.session_id.len, 32);
    assert_int_equal(f.hello.session_id.data[31], 0x3f);
    assert_int_equal(f.hello.sni.len, 0);
    assert_int_equal(f.hello.ticket_extension, TICKET_ABSENT);
    done(&f);
    free(wire);
}

static void a_session_id_may_have_any_length(void **state)
{
    (void)state;

    for (unsigned len = 0; len <= 255; len++) {
        struct wire *wire = wire_new();
        struct fixture f;
        wire_u16(wire, 0x0303);
        wire_fill(wire, 0, 32);
        wire_u8(wire, len);
        wire_fill(wire, 0xab, len);
        wire_hex(wire, "0002 1301 0100");
        parse(&f, wire);
        assert_true(f.is_parsed);
        assert_int_equal(f.hello.session_id.len, len);
        assert_int_equal(f.hello.is_damaged, len > HELLO_SESSION_ID_MAX);
        done(&f);
        free(wire);
    }
}

static void unknown_extensions_and_grease_change_nothing(void **state)
{
    (void)state;
    struct fixture f;

    const struct client_hello hello =
        hello_with(&f, "0a0a 0000 dada 0001 00 1234 0003 ffffff 0017 0000 fafa 0001 00");
    assert_false(hello.is_damaged);
    assert_true(hello.has_extended_master_secret);
    assert_int_equal(hello.sni.len, 0);
    done(&f);
}

static void the_first_of_repeated_extensions_wins(void **state)
{
    (void)state;
    struct fixture f;

    assert_text(hello_with(&f, "0000 0006 0004 00 0001 61"
                               "0000 0006 0004 00 0001 62")
                    .sni,
                "a");
    done(&f);
    assert_int_equal(hello_with(&f, "0023 0000 0023 0001 61").ticket_extension, TICKET_EMPTY);
    done(&f);
    /* also a broken first one */
    assert_int_equal(hello_with(&f, "0000 0000 0000 0006 0004 00 0001 62").sni.len, 0);
    done(&f);
}

static void a_list_of_extensions_that_breaks_off_is_refused(void **state)
{
    (void)state;
    static const char *const broken[] = {"00", "0017", "0017 00", "0017 0001", "0017 0002 00"};

    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        struct wire *wire = wire_new();
        struct fixture f;
        wire_client_hello_start(wire, 0x0303);
        const size_t mark = wire_open(wire, 2);
        wire_hex(wire, broken[i]);
        wire_close(wire, mark, 2);
        parse(&f, wire);
        assert_false(f.is_parsed);
        done(&f);
        free(wire);
    }
}

static void version_families_cover_drafts_and_experiments(void **state)
{
    (void)state;

    assert_int_equal(tls_version_family(0x0303), TLS_1_2);
    assert_int_equal(tls_version_family(0x0304), TLS_1_3);
    assert_int_equal(tls_version_family(0x7f0e), TLS_1_3);
    assert_int_equal(tls_version_family(0x7f1c), TLS_1_3);
    assert_int_equal(tls_version_family(0x7e01), TLS_1_3);
    assert_int_equal(tls_version_family(0x7e02), TLS_1_3);
    assert_int_equal(tls_version_family(0x7e03), 0x7e03);
    assert_int_equal(tls_version_family(0xfb16), 0xfb16);
    assert_int_equal(tls_version_family(0xfb17), TLS_1_3);
    assert_int_equal(tls_version_family(0xfb1a), TLS_1_3);
    assert_int_equal(tls_version_family(0xfb1b), 0xfb1b);
}

/* DTLS counts down: only its family can be compared, and only its own number is shown. */
static void versions_of_dtls_have_a_family_of_tls_and_a_name_of_their_own(void **state)
{
    (void)state;
    assert_int_equal(tls_version_family(DTLS_1_0), TLS_1_1);
    assert_int_equal(tls_version_family(DTLS_1_0_OPENSSL), TLS_1_1);
    assert_int_equal(tls_version_family(DTLS_1_2), TLS_1_2);
    assert_int_equal(tls_version_family(DTLS_1_3), TLS_1_3);
    assert_int_equal(tls_version_shown(DTLS_1_0_OPENSSL), DTLS_1_0);
    assert_int_equal(tls_version_shown(DTLS_1_0), DTLS_1_0);
    assert_int_equal(tls_version_shown(DTLS_1_3), DTLS_1_3);
    assert_int_equal(tls_version_shown(0x7f1c), TLS_1_3);
    assert_int_equal(tls_version_shown(TLS_1_2), TLS_1_2);
}

static void a_dtls_hello_has_a_cookie_after_the_session_id(void **state)
{
    (void)state;
    struct wire *wire = wire_new();
    struct client_hello hello;

    wire_u16(wire, DTLS_1_2);
    wire_fill(wire, 0x11, HELLO_RANDOM_BYTES);
    wire_hex(wire, "02 aabb  03 c1c2c3  0002 1301  01 00  0006 0036 0002 01 0f");
    const struct bytes exact = wire_exact(wire->data, wire->len);
    assert_true(client_hello_parse_dtls(exact, &hello));
    assert_int_equal(hello.session_id.len, 2);
    assert_true(hello.has_cookie);
    assert_int_equal(hello.highest_version, TLS_1_2);
    assert_true(hello.has_connection_id);
    assert_int_equal(hello.connection_id_len, 1);
    for (size_t len = 0; len < exact.len; len++) {
        const struct bytes cut = wire_exact(exact.data, len);
        /* Without the extensions it is whole again (RFC 5246, 7.4.1.2). */
        assert_int_equal(client_hello_parse_dtls(cut, &hello), len == exact.len - 8);
        wire_free_exact(cut);
    }
    wire_free_exact(exact);
    free(wire);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_hello_of_rfc_8448),
        cmocka_unit_test(refuses_every_truncation),
        cmocka_unit_test(versions_of_dtls_have_a_family_of_tls_and_a_name_of_their_own),
        cmocka_unit_test(a_dtls_hello_has_a_cookie_after_the_session_id),
        cmocka_unit_test(a_hello_without_extensions_offers_its_legacy_version),
        cmocka_unit_test(a_session_id_may_have_any_length),
        cmocka_unit_test(unknown_extensions_and_grease_change_nothing),
        cmocka_unit_test(the_first_of_repeated_extensions_wins),
        cmocka_unit_test(a_list_of_extensions_that_breaks_off_is_refused),
        cmocka_unit_test(version_families_cover_drafts_and_experiments),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
