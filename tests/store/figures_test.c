/* Handshakes as reports read them: only what figures are made of. */
#include "tests/store/fixture.h"

#include <stdio.h>
#include <string.h>

static struct store *open_filled(void)
{
    struct store *store = fixture_open(":memory:");

    for (uint8_t n = 1; n <= 3; n++) {
        struct handshake handshake = fixture_handshake(n);
        handshake.sni.text[0] = (char)('a' + n);
        if (n < 3) {
            handshake.issued_ticket = fixture_hash(n);
        }
        (void)fixture_add(store, &handshake);
    }
    return store;
}

/* What figures do without. */
static void leave_out(struct record *record)
{
    struct handshake *handshake = &record->handshake;
    struct handshake nothing;

    handshake_init(&nothing);
    record->run = 0;
    memset(record->key_name, 0, sizeof(record->key_name));
    memset(&handshake->sni, 0, sizeof(handshake->sni));
    memset(&handshake->alpn, 0, sizeof(handshake->alpn));
    memset(handshake->messages, 0, sizeof(handshake->messages));
    memset(&handshake->server, 0, sizeof(handshake->server));
    memset(handshake->session_offered.bytes, 0, sizeof(handshake->session_offered.bytes));
    memset(handshake->issued_id.bytes, 0, sizeof(handshake->issued_id.bytes));
    memset(handshake->issued_ticket.bytes, 0, sizeof(handshake->issued_ticket.bytes));
    handshake->client.port = 0;
    handshake->has_cipher = false;
    handshake->cipher = 0;
    handshake->setup_ns = nothing.setup_ns;
    handshake->server_think_ns = nothing.server_think_ns;
    handshake->issued_ticket_bytes = nothing.issued_ticket_bytes;
}

static void figures_are_the_same_handshakes_without_what_they_can_do_without(void **state)
{
    (void)state;
    struct store *store = open_filled();
    struct error error = {""};
    struct query *query = store_query(store, &error);
    struct record whole;
    struct record figures;
    const struct query_filter all = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};

    assert_true(query_begin_handshakes(query, &all, &error));
    assert_true(query_begin_figures(query, &all, &error));
    while (query_next_handshake(query, &whole, &error) == QUERY_ROW) {
        assert_int_equal(query_next_figures(query, &figures, &error), QUERY_ROW);
        assert_int_equal(figures.handshake.session_offered.is_set,
                         whole.handshake.session_offered.is_set);
        assert_int_equal(figures.handshake.issued_ticket.is_set,
                         whole.handshake.issued_ticket.is_set);
        assert_true(figures.host.len > 0);
        assert_int_equal(figures.handshake.rtts_tls, 2);
        assert_int_equal(figures.handshake.bytes_server, 4100);
        leave_out(&whole);
        assert_memory_equal(&figures, &whole, sizeof(whole));
    }
    assert_int_equal(query_next_figures(query, &figures, &error), QUERY_DONE);
    query_close(query);
    fixture_close(store);
}

/* An IPv4 address is a number in the database, an IPv6 address text. */
static void clients_of_both_families_come_back(void **state)
{
    static const uint8_t addresses[][16] = {
        {[10] = 0xff, 0xff, 0, 0, 0, 0},
        {[10] = 0xff, 0xff, 10, 1, 2, 3},
        {[10] = 0xff, 0xff, 255, 254, 253, 252},
        {0x20, 0x01, 0x0d, 0xb8, [15] = 1},
        {0},
        {[15] = 1},
    };
    static const char *const texts[] = {"0.0.0.0",     "10.1.2.3", "255.254.253.252",
                                        "2001:db8::1", "::",       "::1"};
    const struct query_filter all = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    struct error error = {""};
    struct record record;
    char sql[80];

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct handshake handshake = fixture_handshake((int64_t)i);
        memcpy(handshake.client.address, addresses[i], 16);
        (void)fixture_add(store, &handshake);
    }
    fixture_close(store);
    struct query *query = query_open(fixture->path, &error);
    assert_true(query_begin_figures(query, &all, &error));
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_int_equal(query_next_figures(query, &record, &error), QUERY_ROW);
        assert_memory_equal(record.handshake.client.address, addresses[i], 16);
        (void)snprintf(sql, sizeof(sql), "SELECT client FROM v_handshake WHERE id = %zu", i + 1);
        assert_string_equal(fixture_sql(fixture->path, sql), texts[i]);
    }
    query_close(query);
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, fixture_make, fixture_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_are_the_same_handshakes_without_what_they_can_do_without),
        IN_DIRECTORY(clients_of_both_families_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
