#include "dissect/tls/contents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct desk {
    struct keyed_hash *hash;
    struct contents contents;
    struct verdict_state verdict;
    struct handshake handshake;
};

static const uint8_t id[] = {1, 2, 3, 4};
static const uint8_t ticket[] = {5, 6, 7};
static const struct bytes no_id = {id, 0};
static const struct bytes some_id = {id, sizeof(id)};
static const struct bytes other_id = {id, sizeof(id) - 1};
static const struct bytes some_ticket = {ticket, sizeof(ticket)};

static int set_up(void **state)
{
    static const uint8_t key[16] = {9};
    struct desk *desk = calloc(1, sizeof(*desk));
    struct error error;

    if (desk == NULL) {
        return -1;
    }
    desk->hash = keyed_hash_new(key, &error);
    verdict_init(&desk->verdict);
    handshake_init(&desk->handshake);
    *state = desk;
    return desk->hash == NULL;
}

static int tear_down(void **state)
{
    struct desk *desk = *state;

    keyed_hash_free(desk->hash);
    free(desk);
    return 0;
}

static void tell(struct desk *desk, struct tls_event *event)
{
    event->is_parsed = true;
    verdict_after(&desk->verdict, event);
    contents_after(&desk->contents, desk->hash, event, &desk->handshake);
}

static void tell_client_hello(struct desk *desk, const struct client_hello *hello)
{
    struct tls_event event = {.kind = TLS_CLIENT_HELLO, .from = TLS_CLIENT, .client_hello = *hello};

    tell(desk, &event);
}

static void tell_server_hello(struct desk *desk, const struct server_hello *hello)
{
    struct tls_event event = {.kind = TLS_SERVER_HELLO, .from = TLS_SERVER, .server_hello = *hello};

    tell(desk, &event);
}

static void tell_ticket(struct desk *desk, struct bytes bytes)
{
    struct tls_event event = {.kind = TLS_NEW_SESSION_TICKET,
                              .from = TLS_SERVER,
                              .new_session_ticket = {.lifetime_hint_s = 300, .ticket = bytes}};

    tell(desk, &event);
}

static void settle(struct desk *desk, enum offer offered, bool is_resumed_kind)
{
    desk->handshake.offered = offered;
    contents_settle(&desk->contents, desk->hash, &desk->verdict, is_resumed_kind, &desk->handshake);
}

static void assert_hash(struct desk *desk, const struct session_hash *found, enum session_kind kind,
                        struct bytes bytes)
{
    uint8_t expected[16];

    keyed_hash_of(desk->hash, (uint8_t)kind, bytes.data, bytes.len, expected);
    assert_true(found->is_set);
    assert_memory_equal(found->bytes, expected, sizeof(expected));
}

/* RFC 5077, 3.3. */
static void a_ticket_of_length_zero_is_not_issued(void **state)
{
    struct desk *desk = *state;

    tell_client_hello(desk, &(struct client_hello){.session_id = no_id});
    tell_server_hello(desk, &(struct server_hello){.session_id = no_id, .version = TLS_1_2});
    tell_ticket(desk, (struct bytes){ticket, 0});
    settle(desk, OFFER_NONE, false);
    assert_false(desk->handshake.issued_ticket.is_set);
    assert_int_equal(desk->handshake.lifetime_hint_s, HANDSHAKE_NULL);
    assert_int_equal(desk->handshake.issued_ticket_bytes, HANDSHAKE_NULL);
}

static void a_ticket_is_issued_and_in_a_resumption_renewed(void **state)
{
    struct desk *desk = *state;

    for (int resumed = 0; resumed < 2; resumed++) {
        tell_client_hello(desk, &(struct client_hello){.session_id = no_id});
        tell_server_hello(desk, &(struct server_hello){.session_id = no_id, .version = TLS_1_2});
        tell_ticket(desk, some_ticket);
        settle(desk, OFFER_NONE, resumed == 1);
        assert_hash(desk, &desk->handshake.issued_ticket, SESSION_TICKET, some_ticket);
        assert_int_equal(desk->handshake.lifetime_hint_s, 300);
        assert_int_equal(desk->handshake.issued_ticket_bytes, 3);
        assert_int_equal(desk->handshake.renewed, resumed == 1);
    }
}

/* What a ServerHello of this version and ID, and a key exchange after it, leave. */
static void tell_full(struct desk *desk, uint16_t version, struct bytes server_id)
{
    struct tls_event key = {.kind = TLS_SERVER_KEY_EXCHANGE, .from = TLS_SERVER};

    tell_client_hello(desk, &(struct client_hello){.session_id = some_id});
    tell_server_hello(desk, &(struct server_hello){.session_id = server_id, .version = version});
    tell(desk, &key);
    settle(desk, OFFER_ID, false);
}

static void a_full_handshake_issues_the_id_that_is_not_the_client_s(void **state)
{
    struct desk *desk = *state;

    tell_full(desk, TLS_1_2, other_id);
    assert_hash(desk, &desk->handshake.issued_id, SESSION_ID, other_id);
    assert_hash(desk, &desk->handshake.session_offered, SESSION_ID, some_id);
    assert_int_equal(desk->handshake.offered_bytes, some_id.len);
    tell_full(desk, TLS_1_2, some_id);
    assert_false(desk->handshake.issued_id.is_set);
    tell_full(desk, TLS_1_3, other_id);
    assert_false(desk->handshake.issued_id.is_set);
}

/* Of two ServerHellos the latter counts: its empty ID is none. */
static void an_id_of_an_earlier_answer_is_not_issued(void **state)
{
    struct desk *desk = *state;

    tell_full(desk, TLS_1_2, other_id);
    tell_full(desk, TLS_1_2, no_id);
    assert_false(desk->handshake.issued_id.is_set);
}

/* RFC 5246, 7.4.1.3 allows 32 bytes: a damaged hello, but what it names is told apart. */
static void an_id_that_is_too_long_is_issued_all_the_same(void **state)
{
    struct desk *desk = *state;
    static const uint8_t long_id[HELLO_SESSION_ID_MAX + 1] = {7};
    const struct bytes too_long = {long_id, sizeof(long_id)};

    tell_full(desk, TLS_1_2, too_long);
    assert_hash(desk, &desk->handshake.issued_id, SESSION_ID, too_long);
}

static void the_identity_selected_is_the_session_offered(void **state)
{
    struct desk *desk = *state;
    static const uint8_t identities[] = {0, 1, 'a', 0, 0, 0, 7, 0, 2, 'b', 'c', 0, 0, 0, 9};
    const struct client_hello hello = {.session_id = no_id,
                                       .highest_version = TLS_1_3,
                                       .has_psk = true,
                                       .psk_count = 2,
                                       .psk_identities = {identities, sizeof(identities)}};
    const struct bytes chosen = {identities + 9, 2};

    tell_client_hello(desk, &hello);
    tell_server_hello(desk, &(struct server_hello){.session_id = no_id,
                                                   .version = TLS_1_3,
                                                   .has_psk = true,
                                                   .selected_identity = 1});
    settle(desk, OFFER_PSK, true);
    assert_hash(desk, &desk->handshake.session_offered, SESSION_TICKET, chosen);
    assert_int_equal(desk->handshake.offered_bytes, 2);
}

/* Row 48: in TLS 1.2 the ticket beside the PSK is what was looked at. */
static void a_ticket_beside_a_psk_is_offered_to_tls12(void **state)
{
    struct desk *desk = *state;
    static const uint8_t identities[] = {0, 1, 'a', 0, 0, 0, 7};

    tell_client_hello(desk, &(struct client_hello){.session_id = no_id,
                                                   .highest_version = TLS_1_3,
                                                   .ticket_extension = TICKET_PRESENT,
                                                   .ticket = some_ticket,
                                                   .has_psk = true,
                                                   .psk_count = 1,
                                                   .psk_identities = {identities, 7}});
    tell_server_hello(desk, &(struct server_hello){.session_id = no_id, .version = TLS_1_2});
    settle(desk, OFFER_PSK, true);
    assert_hash(desk, &desk->handshake.session_offered, SESSION_TICKET, some_ticket);
}

static void ssl2_chooses_no_suite_and_issues_no_id_in_clear(void **state)
{
    struct desk *desk = *state;
    struct tls_event key = {.kind = TLS_CLIENT_KEY_EXCHANGE, .from = TLS_CLIENT};

    tell_client_hello(desk, &(struct client_hello){.session_id = some_id});
    tell_server_hello(desk, &(struct server_hello){.session_id = no_id, .version = SSL_2_0});
    tell(desk, &key);
    settle(desk, OFFER_ID, false);
    assert_int_equal(desk->handshake.version, SSL_2_0);
    assert_false(desk->handshake.has_cipher);
    assert_false(desk->handshake.issued_id.is_set);
    assert_hash(desk, &desk->handshake.session_offered, SESSION_ID, some_id);
}

static void a_damaged_extension_is_an_anomaly(void **state)
{
    struct desk *desk = *state;

    tell_client_hello(desk, &(struct client_hello){.session_id = no_id, .is_damaged = true});
    assert_int_equal(desk->handshake.anomalies, 1u << ANOMALY_DAMAGED_EXTENSION);
}

/* With contents of its own. */
#define FRESH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FRESH(a_ticket_of_length_zero_is_not_issued),
        FRESH(a_ticket_is_issued_and_in_a_resumption_renewed),
        FRESH(a_full_handshake_issues_the_id_that_is_not_the_client_s),
        FRESH(an_id_of_an_earlier_answer_is_not_issued),
        FRESH(an_id_that_is_too_long_is_issued_all_the_same),
        FRESH(the_identity_selected_is_the_session_offered),
        FRESH(a_ticket_beside_a_psk_is_offered_to_tls12),
        FRESH(ssl2_chooses_no_suite_and_issues_no_id_in_clear),
        FRESH(a_damaged_extension_is_an_anomaly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
