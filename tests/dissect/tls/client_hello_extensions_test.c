#include "dissect/tls/hello.h"

#include "tests/dissect/tls/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
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

static void server_name_gives_the_first_host_name(void **state)
{
    (void)state;
    struct fixture f;

    assert_text(hello_with(&f, "0000 0009 0007 00 0004 612e6263").sni, "a.bc");
    done(&f);
    /* a name of type 7, then two host names */
    assert_text(hello_with(&f, "0000 0010 000e 07 0003 787878 00 0001 61 00 0001 62").sni, "a");
    assert_false(f.hello.is_damaged);
    done(&f);
}

/* extended_master_secret behind it is read. */
static void a_broken_server_name_only_damages_itself(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "0000 0000",                 /* empty */
        "0000 0002 0000",            /* empty list */
        "0000 0005 0003 00 0000",    /* empty name */
        "0000 0006 0004 00 0002 61", /* name longer than the list */
        "0000 0006 0009 00 0001 61", /* list longer than the body */
    };

    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        struct fixture f;
        char text[128];
        assert_true(snprintf(text, sizeof(text), "%s 0017 0000", broken[i]) < (int)sizeof(text));
        const struct client_hello hello = hello_with(&f, text);
        assert_true(hello.is_damaged);
        assert_int_equal(hello.sni.len, 0);
        assert_true(hello.has_extended_master_secret);
        done(&f);
    }
}

static void alpn_gives_the_first_protocol_that_is_not_grease(void **state)
{
    (void)state;
    struct fixture f;

    assert_text(hello_with(&f, "0010 000e 000c 02 6832 08 687474702f312e31").alpn, "h2");
    done(&f);
    assert_text(hello_with(&f, "0010 0008 0006 02 3a3a 02 6832").alpn, "h2");
    assert_false(f.hello.is_damaged);
    done(&f);
    assert_int_equal(hello_with(&f, "0010 0003 0001 00").alpn.len, 0); /* empty name */
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

static void session_ticket_tells_empty_from_present(void **state)
{
    (void)state;
    struct fixture f;

    assert_int_equal(hello_with(&f, "").ticket_extension, TICKET_ABSENT);
    done(&f);
    assert_int_equal(hello_with(&f, "0023 0000").ticket_extension, TICKET_EMPTY);
    done(&f);
    assert_int_equal(hello_with(&f, "0023 0004 74696b74").ticket_extension, TICKET_PRESENT);
    assert_text(f.hello.ticket, "tikt");
    done(&f);
}

/* RFC 5077, appendix A: a length before the ticket. */
static void the_inner_length_of_rfc_4507_is_stripped(void **state)
{
    (void)state;
    struct fixture f;

    assert_text(hello_with(&f, "0023 0006 0004 74696b74").ticket, "tikt");
    assert_int_equal(f.hello.ticket_extension, TICKET_PRESENT);
    done(&f);
    assert_int_equal(hello_with(&f, "0023 0002 0000").ticket_extension, TICKET_EMPTY);
    done(&f);
    /* a ticket whose first bytes are not that length stays whole */
    assert_int_equal(hello_with(&f, "0023 0006 0005 74696b74").ticket.len, 6);
    done(&f);
}

static void pre_shared_key_counts_identities_and_keeps_the_first_age(void **state)
{
    (void)state;
    struct fixture f;
    struct bytes identity;
    uint32_t age;

    const struct client_hello hello = hello_with(&f, "0029 0018"
                                                     "000f 0003 616263 01020304 0000 0a0b0c0d"
                                                     "0005 04 b0b1b2b3");
    assert_true(hello.has_psk);
    assert_false(hello.is_damaged);
    assert_int_equal(hello.psk_count, 2);
    assert_int_equal(hello.obfuscated_age, 0x01020304);
    assert_true(client_hello_identity(&hello, 0, &identity, &age));
    assert_text(identity, "abc");
    assert_int_equal(age, 0x01020304);
    assert_true(client_hello_identity(&hello, 1, &identity, &age));
    assert_int_equal(identity.len, 0);
    assert_int_equal(age, 0x0a0b0c0d);
    assert_false(client_hello_identity(&hello, 2, &identity, &age));
    assert_false(client_hello_identity(&hello, UINT16_MAX, &identity, &age));
    assert_int_equal(age, 0x0a0b0c0d);
    done(&f);
}

static void a_hello_without_psk_has_no_identity(void **state)
{
    (void)state;
    struct fixture f;
    struct bytes identity;
    uint32_t age;

    const struct client_hello hello = hello_with(&f, "");
    assert_false(client_hello_identity(&hello, 0, &identity, &age));
    done(&f);
}

static void a_broken_pre_shared_key_offers_nothing(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "0029 0000",
        "0029 0004 0000 0000",                  /* no identity */
        "0029 000a 0006 0001 61 000000 0000",   /* age cut short */
        "0029 000b 0007 0009 61 00000000 0000", /* identity too long */
        "0029 0009 0007 0001 61 00000000",      /* no binders */
        "0029 000b 0007 0001 61 00000000 0021", /* binders cut short */
    };

    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        struct fixture f;
        const struct client_hello hello = hello_with(&f, broken[i]);
        assert_true(hello.is_damaged);
        assert_false(hello.has_psk);
        assert_int_equal(hello.psk_count, 0);
        assert_int_equal(hello.psk_identities.len, 0);
        done(&f);
    }
}

static void early_data_is_empty(void **state)
{
    (void)state;
    struct fixture f;

    assert_true(hello_with(&f, "002a 0000").has_early_data);
    done(&f);
    assert_false(hello_with(&f, "002a 0004 00000000").has_early_data);
    assert_true(f.hello.is_damaged);
    done(&f);
}

static void supported_versions_gives_the_highest_family(void **state)
{
    (void)state;
    static const struct {
        const char *extension;
        uint16_t highest;
    } cases[] = {
        {"002b 0003 02 0304", TLS_1_3},
        {"002b 0005 04 0302 0301", TLS_1_1},      /* lower than legacy_version: it counts */
        {"002b 0007 06 7a7a 0303 0304", TLS_1_3}, /* GREASE */
        {"002b 0005 04 fafa 0303", TLS_1_2},
        {"002b 0003 02 7f1c", TLS_1_3}, /* draft 28 */
        {"002b 0005 04 7f12 0303", TLS_1_3},
        {"002b 0005 04 7e02 0303", TLS_1_3}, /* Chrome's experiment */
        {"002b 0005 04 fb1a 0303", TLS_1_3}, /* Facebook's */
        {"002b 0003 02 5a5a", TLS_1_2},      /* nothing known: the legacy version */
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fixture f;
        const struct client_hello hello = hello_with(&f, cases[i].extension);
        assert_int_equal(hello.highest_version, cases[i].highest);
        assert_false(hello.is_damaged);
        done(&f);
    }
}

static void every_draft_from_14_to_28_is_an_offer_of_tls13(void **state)
{
    (void)state;

    for (unsigned draft = 14; draft <= 28; draft++) {
        struct fixture f;
        char text[32];
        assert_true(snprintf(text, sizeof(text), "002b 0003 02 7f%02x", draft) < (int)sizeof(text));
        assert_int_equal(hello_with(&f, text).highest_version, TLS_1_3);
        done(&f);
    }
}

static void broken_supported_versions_leave_the_legacy_version(void **state)
{
    (void)state;
    static const char *const broken[] = {"002b 0000", "002b 0001 00", "002b 0004 03 0304 03",
                                         "002b 0002 02 03"};

    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        struct fixture f;
        const struct client_hello hello = hello_with(&f, broken[i]);
        assert_true(hello.is_damaged);
        assert_int_equal(hello.highest_version, TLS_1_2);
        done(&f);
    }
}

static void cookie_marks_the_second_hello(void **state)
{
    (void)state;
    struct fixture f;

    assert_true(hello_with(&f, "002c 0003 0001 ff").has_cookie);
    done(&f);
    assert_false(hello_with(&f, "002c 0002 0000").has_cookie);
    assert_true(f.hello.is_damaged);
    done(&f);
}

static void psk_key_exchange_modes_are_told_apart(void **state)
{
    (void)state;
    struct fixture f;

    (void)hello_with(&f, "002d 0002 01 00");
    assert_true(f.hello.has_psk_ke && !f.hello.has_psk_dhe_ke);
    done(&f);
    (void)hello_with(&f, "002d 0004 03 0b 01 2a"); /* with GREASE */
    assert_true(!f.hello.has_psk_ke && f.hello.has_psk_dhe_ke);
    assert_false(f.hello.is_damaged);
    done(&f);
    (void)hello_with(&f, "002d 0003 02 00 01");
    assert_true(f.hello.has_psk_ke && f.hello.has_psk_dhe_ke);
    done(&f);
    (void)hello_with(&f, "002d 0001 00");
    assert_true(f.hello.is_damaged);
    done(&f);
}

static void encrypted_client_hello_counts_only_when_outer(void **state)
{
    (void)state;
    struct fixture f;

    assert_true(hello_with(&f, "fe0d 000a 00 0001 0001 07 0000 0000").has_encrypted_client_hello);
    assert_false(f.hello.is_damaged);
    done(&f);
    assert_false(hello_with(&f, "fe0d 0001 01").has_encrypted_client_hello);
    assert_false(f.hello.is_damaged);
    done(&f);
    assert_false(hello_with(&f, "fe0d 0001 02").has_encrypted_client_hello);
    assert_true(f.hello.is_damaged);
    done(&f);
    assert_false(hello_with(&f, "fe0d 0000").has_encrypted_client_hello);
    assert_true(f.hello.is_damaged);
    done(&f);
}

static void encrypted_server_name_counts_as_encrypted_hello(void **state)
{
    (void)state;
    struct fixture f;

    assert_true(hello_with(&f, "ffce 0004 1301 001d").has_encrypted_client_hello);
    done(&f);
    assert_false(hello_with(&f, "ffce 0000").has_encrypted_client_hello);
    assert_true(f.hello.is_damaged);
    done(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(server_name_gives_the_first_host_name),
        cmocka_unit_test(a_broken_server_name_only_damages_itself),
        cmocka_unit_test(alpn_gives_the_first_protocol_that_is_not_grease),
        cmocka_unit_test(extended_master_secret_is_empty),
        cmocka_unit_test(session_ticket_tells_empty_from_present),
        cmocka_unit_test(the_inner_length_of_rfc_4507_is_stripped),
        cmocka_unit_test(pre_shared_key_counts_identities_and_keeps_the_first_age),
        cmocka_unit_test(a_hello_without_psk_has_no_identity),
        cmocka_unit_test(a_broken_pre_shared_key_offers_nothing),
        cmocka_unit_test(early_data_is_empty),
        cmocka_unit_test(supported_versions_gives_the_highest_family),
        cmocka_unit_test(every_draft_from_14_to_28_is_an_offer_of_tls13),
        cmocka_unit_test(broken_supported_versions_leave_the_legacy_version),
        cmocka_unit_test(cookie_marks_the_second_hello),
        cmocka_unit_test(psk_key_exchange_modes_are_told_apart),
        cmocka_unit_test(encrypted_client_hello_counts_only_when_outer),
        cmocka_unit_test(encrypted_server_name_counts_as_encrypted_hello),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
